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
if(TOLLGATE_LTO)
  # lld looks into the objects itself. Without an index no archiver does, be it GNU's or LLVM's of another version.
  foreach(language C CXX)
    set(CMAKE_${language}_ARCHIVE_CREATE "<CMAKE_AR> qcS <TARGET> <LINK_FLAGS> <OBJECTS>")
    set(CMAKE_${language}_ARCHIVE_APPEND "<CMAKE_AR> qS <TARGET> <LINK_FLAGS> <OBJECTS>")
    set(CMAKE_${language}_ARCHIVE_FINISH "")
  endforeach()
  add_compile_options(-flto=thin)
  add_link_options(-flto=thin -Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/thinlto)
endif()
if(TOLLGATE_PROFILE)
  # Functions of one file alone carry its name in the profile: without its folder, since a checkout may be anywhere.
  add_compile_options("SHELL:-mllvm -static-func-full-module-prefix=false")
  if(TOLLGATE_PROFILE STREQUAL "record")
    add_compile_options(-fprofile-generate)
    add_link_options(-fprofile-generate)
  else()
    # What has changed since, or was never run, is compiled as without a profile.
    add_compile_options(-fprofile-use=${TOLLGATE_PROFILE} -Wno-profile-instr-unprofiled
      -Wno-profile-instr-out-of-date -Wno-backend-plugin)
    # Another profile is another input of every file, and objects of two of them do not link: ninja sees it by the flag.
    set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${TOLLGATE_PROFILE})
    file(MD5 ${TOLLGATE_PROFILE} profile_digest)
    add_compile_options(-DTOLLGATE_PROFILE_DIGEST=${profile_digest})
  endif()
endif()
if(TOLLGATE_SANITIZE)
  # Everything, third-party code compiled here included, must carry the instrumentation.
  add_compile_options(-fsanitize=${TOLLGATE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TOLLGATE_SANITIZE})
endif()
