# The libraries of docs/decisions/0007, each as one target. Asio and Beast are compiled once, in tollgate_asio.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_library(TOLLGATE_ARGON2 argon2 REQUIRED)
find_library(TOLLGATE_CCTZ cctz REQUIRED)
find_library(TOLLGATE_HIREDIS hiredis REQUIRED)

find_library(TOLLGATE_PQXX pqxx REQUIRED)
find_library(TOLLGATE_PQ pq REQUIRED)
find_path(TOLLGATE_PQ_HEADERS libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)

add_library(tollgate_libpqxx INTERFACE)
target_include_directories(tollgate_libpqxx SYSTEM INTERFACE ${TOLLGATE_PQ_HEADERS})
target_link_libraries(tollgate_libpqxx INTERFACE ${TOLLGATE_PQXX} ${TOLLGATE_PQ})

add_library(tollgate_asio STATIC ${CMAKE_SOURCE_DIR}/src/third_party/asio.cpp ${CMAKE_SOURCE_DIR}/src/third_party/beast.cpp)
target_compile_definitions(tollgate_asio PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_NO_TS_EXECUTORS BOOST_ASIO_DISABLE_VISIBILITY)
target_link_libraries(tollgate_asio PUBLIC Threads::Threads OpenSSL::SSL OpenSSL::Crypto)
