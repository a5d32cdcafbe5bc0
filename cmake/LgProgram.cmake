# cmd/ as a library (so that tests can reach it) and main.cpp as the program.
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cmd/*.cpp)
list(REMOVE_ITEM sources ${PROJECT_SOURCE_DIR}/cmd/main.cpp)
add_library(lg_program STATIC ${sources})
target_link_libraries(lg_program PUBLIC lg_engine lg_adapters lg_net PRIVATE lg_ext_cli11 lg_ext_fmt)

add_executable(launchgate ${PROJECT_SOURCE_DIR}/cmd/main.cpp)
target_link_libraries(launchgate PRIVATE lg_program)
set_target_properties(launchgate PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
