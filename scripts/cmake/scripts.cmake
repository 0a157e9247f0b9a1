# tollgate_embed_scripts(storage_redis storage/redis tollgate::storage::redis)
# Builds src/<folder>/scripts/*.lua into the layer: defines known_scripts(), which src/<folder>/scripts.hpp declares.
# A changed or new file configures again.
function(tollgate_embed_scripts layer folder namespace)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/scripts/*.lua)
  list(SORT files)
  set(rows "")
  foreach(file ${files})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} lua)
    string(APPEND rows "    {\"${name}\", R\"lua(${lua})lua\"},\n")
  endforeach()
  set(source ${CMAKE_BINARY_DIR}/generated/${folder}/known_scripts.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT "// Generated from src/@folder@/scripts by scripts/cmake/scripts.cmake.
#include \"@folder@/scripts.hpp\"

namespace @namespace@ {

namespace {

constexpr ScriptText scripts[] = {
@rows@};

} // namespace

std::span<const ScriptText> known_scripts() {
    return scripts;
}

} // namespace @namespace@
")
  target_sources(tollgate_${layer} PRIVATE ${source})
endfunction()
