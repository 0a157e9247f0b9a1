# The dashboard's page, built by npm. One build in build/web serves every preset: scripts/web knows whether it is fresh,
# and its stamp changes only when the page did.
#   tollgate_web_page() makes the target tollgate_web and sets
#     TOLLGATE_WEB_DIST    the folder with index.html and assets/
#     TOLLGATE_WEB_STAMP   a file to depend on
function(tollgate_web_page)
  find_program(TOLLGATE_NPM npm)
  if(NOT TOLLGATE_NPM)
    message(FATAL_ERROR "npm is needed to build the dashboard's page: scripts/install --for run")
  endif()
  set(web ${CMAKE_SOURCE_DIR}/web)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/* ${web}/public/* ${web}/scripts/*)
  list(FILTER sources EXCLUDE REGEX "/web/(src/api/schema\\.d\\.ts|src/styles/fonts/.*|public/licences\\.txt)$")
  foreach(file index.html package.json package-lock.json tsconfig.json vite.config.js)
    list(APPEND sources ${web}/${file})
  endforeach()
  set(folder ${CMAKE_SOURCE_DIR}/build/web)
  add_custom_command(
    OUTPUT ${folder}/stamp
    COMMAND ${CMAKE_SOURCE_DIR}/scripts/web
    DEPENDS ${sources} ${CMAKE_SOURCE_DIR}/src/dashboard/openapi.json ${CMAKE_SOURCE_DIR}/scripts/web
    COMMENT "Building the dashboard's page"
    USES_TERMINAL VERBATIM)
  add_custom_target(tollgate_web DEPENDS ${folder}/stamp)
  set(TOLLGATE_WEB_DIST ${folder}/dist PARENT_SCOPE)
  set(TOLLGATE_WEB_STAMP ${folder}/stamp PARENT_SCOPE)
endfunction()
