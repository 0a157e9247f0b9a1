# Compiles through ccache where it is installed. The cache stays inside the checkout, so that a clone leaves
# nothing behind; precompiled headers need the two sloppiness flags.
find_program(TOLLGATE_CCACHE ccache)
if(TOLLGATE_CCACHE)
  if(DEFINED ENV{CCACHE_DIR})
    set(cache_dir $ENV{CCACHE_DIR})
  else()
    set(cache_dir ${CMAKE_SOURCE_DIR}/build/ccache)
  endif()
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_DIR=${cache_dir} CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${TOLLGATE_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
