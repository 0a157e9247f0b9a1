# tollgate_embed_page(dashboard src/dashboard/openapi.json)
# Builds the description of the API and, where scripts/cmake/web.cmake has been used, the web page into the layer. Any
# file that changes is built in anew.
function(tollgate_embed_page layer description)
  set(output ${CMAKE_BINARY_DIR}/generated/dashboard/embedded_files.cpp)
  add_custom_command(OUTPUT ${output}
    COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/scripts/cmake/embed.py ${output} ${CMAKE_SOURCE_DIR}/${description} ${TOLLGATE_WEB_DIST}
    DEPENDS ${CMAKE_SOURCE_DIR}/scripts/cmake/embed.py ${CMAKE_SOURCE_DIR}/${description} ${TOLLGATE_WEB_STAMP}
    VERBATIM)
  target_sources(tollgate_${layer} PRIVATE ${output})
endfunction()
