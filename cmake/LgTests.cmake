# Every folder of tests/unit is one program (unit.NAME); every folder of tests/cli with a run.sh is one test
# (cli.NAME). ctest finds new ones by itself.
add_library(lg_test_main STATIC ${PROJECT_SOURCE_DIR}/tests/support/main.cpp)
target_link_libraries(lg_test_main PUBLIC lg_flags lg_ext_doctest)

file(GLOB support CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/support/*.cpp)
list(REMOVE_ITEM support ${PROJECT_SOURCE_DIR}/tests/support/main.cpp)
add_library(lg_test_support STATIC ${support})
target_link_libraries(lg_test_support PUBLIC lg_test_main lg_net lg_git lg_ext_json lg_ext_hyperscan lg_ext_re2
                                             lg_ext_deflate lg_ext_libgit2 lg_ext_tls)

file(GLOB unit_dirs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/*)
foreach(dir ${unit_dirs})
  get_filename_component(name ${dir} NAME)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*_test.cpp)
  if(sources)
    # A room's tests link that room and what it stands on; those of cmd/ the whole program.
    set(room lg_program)
    if(TARGET lg_${name})
      set(room lg_${name})
    endif()
    add_executable(unit_${name} ${sources})
    target_link_libraries(unit_${name} PRIVATE lg_test_support ${room})
    target_compile_definitions(unit_${name} PRIVATE LG_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME unit.${name} COMMAND unit_${name})
    set_tests_properties(unit.${name} PROPERTIES TIMEOUT 600)
  endif()
endforeach()

file(GLOB cli_cases CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/cli/*/run.sh)
foreach(script ${cli_cases})
  get_filename_component(dir ${script} DIRECTORY)
  get_filename_component(name ${dir} NAME)
  add_test(NAME cli.${name} COMMAND bash ${script})
  set_tests_properties(cli.${name} PROPERTIES TIMEOUT 300
    ENVIRONMENT "LAUNCHGATE=$<TARGET_FILE:launchgate>;LG_SOURCE_DIR=${PROJECT_SOURCE_DIR};LG_SANITIZED=$<$<BOOL:${LG_SANITIZE}>:1>")
endforeach()

# find_package(launchgate), as a stranger's project would.
set(consumer_flags "")
if(LG_SANITIZE)
  set(consumer_flags "-fsanitize=address,undefined")
endif()
add_test(NAME install.consumer
  COMMAND bash ${PROJECT_SOURCE_DIR}/tests/install/run.sh ${PROJECT_BINARY_DIR} "${consumer_flags}")
set_tests_properties(install.consumer PROPERTIES TIMEOUT 300)

# What `./dev run` installs on a fresh machine is all that its build looks for.
add_test(NAME install.packages
  COMMAND bash ${PROJECT_SOURCE_DIR}/tests/install/packages.sh ${PROJECT_SOURCE_DIR})
set_tests_properties(install.packages PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77)
