# Language level, warnings, sanitizers and hardening: the same for every target of ours.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_FLAGS_DEBUG "${TOLLGATE_OPTIMIZE} -g1")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "${TOLLGATE_OPTIMIZE} -g1")
include(CheckPIESupported)
check_pie_supported()

add_library(tollgate_options INTERFACE)
target_compile_options(tollgate_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Werror
  -fno-omit-frame-pointer -fstack-protector-strong -Xclang -fno-pch-timestamp)
target_link_options(tollgate_options INTERFACE -fuse-ld=lld-19 -Wl,-z,relro,-z,now)
if(TOLLGATE_OPTIMIZE STREQUAL "-O2" AND NOT TOLLGATE_SANITIZE)
  target_compile_definitions(tollgate_options INTERFACE _FORTIFY_SOURCE=2)
endif()
if(TOLLGATE_SANITIZE)
  # Everything, third-party code compiled here included, must carry the instrumentation.
  add_compile_options(-fsanitize=${TOLLGATE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TOLLGATE_SANITIZE})
endif()
