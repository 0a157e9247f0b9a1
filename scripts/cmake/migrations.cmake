# tollgate_embed_migrations(storage_sqlite storage/sqlite tollgate::storage::sqlite)
# Builds src/<folder>/migrations/NNNN_name.sql into the layer: defines known_migrations(), which
# src/<folder>/migrations.hpp declares. A changed or new file configures again.
function(tollgate_embed_migrations layer folder namespace)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/migrations/*.sql)
  list(SORT files)
  set(rows "")
  foreach(file ${files})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME_WE)
    if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+$")
      message(FATAL_ERROR "${file}: a migration is named NNNN_name.sql")
    endif()
    string(REGEX REPLACE "^0*([0-9]+)_.*$" "\\1" version ${name})
    file(READ ${file} sql)
    string(APPEND rows "    {${version}, \"${name}\", R\"sql(${sql})sql\"},\n")
  endforeach()
  set(source ${CMAKE_BINARY_DIR}/generated/${folder}/known_migrations.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT "// Generated from src/@folder@/migrations by scripts/cmake/migrations.cmake.
#include \"@folder@/migrations.hpp\"

namespace @namespace@ {

namespace {

constexpr Migration migrations[] = {
@rows@};

} // namespace

std::span<const Migration> known_migrations() {
    return migrations;
}

} // namespace @namespace@
")
  target_sources(tollgate_${layer} PRIVATE ${source})
endfunction()
