# rules/*.toml -> lg_rulec -> one file of rules and serialised front end, embedded by lg_builtin.
file(GLOB rule_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/rules/*.toml)
add_executable(lg_rulec ${PROJECT_SOURCE_DIR}/cmd/rulec/main.cpp)
target_link_libraries(lg_rulec PRIVATE lg_secrets lg_ext_fmt)

set(LG_BUILTIN_RULES ${PROJECT_BINARY_DIR}/builtin_rules.bin)
# Paths relative to the source, so that the places in messages are the same on every machine.
list(TRANSFORM rule_files REPLACE "^${PROJECT_SOURCE_DIR}/" "" OUTPUT_VARIABLE rule_names)
add_custom_command(
  OUTPUT ${LG_BUILTIN_RULES}
  COMMAND lg_rulec ${LG_BUILTIN_RULES} ${rule_names}
  DEPENDS lg_rulec ${rule_files}
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  COMMENT "Compiling rules/*.toml" VERBATIM)

set(builtin_source ${PROJECT_SOURCE_DIR}/libscan/secrets/builtin/builtin_rules.cpp)
add_library(lg_builtin STATIC ${builtin_source} ${LG_BUILTIN_RULES})
set_source_files_properties(${builtin_source} PROPERTIES
  COMPILE_DEFINITIONS "LG_BUILTIN_RULES=\"${LG_BUILTIN_RULES}\"" OBJECT_DEPENDS ${LG_BUILTIN_RULES})
target_link_libraries(lg_builtin PUBLIC lg_secrets)
