# `cmake --install`: the program, and the library as one archive with its public headers, so that a consumer says
#   find_package(launchgate REQUIRED)
#   target_link_libraries(app PRIVATE launchgate::scan)
# The public interface is libscan/engine/scanner.hpp and the values of libscan/core it speaks in.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(LG_ARCHIVE ${PROJECT_BINARY_DIR}/liblaunchgate.a)
set(archive_script "CREATE ${LG_ARCHIVE}\n")
foreach(room core config git secrets builtin net gate checks engine)
  get_target_property(type lg_${room} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    string(APPEND archive_script "ADDLIB $<TARGET_FILE:lg_${room}>\n")
    list(APPEND archive_parts lg_${room})
  endif()
endforeach()
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/liblaunchgate.mri CONTENT "${archive_script}SAVE\nEND\n")
add_custom_command(
  OUTPUT ${LG_ARCHIVE}
  COMMAND ${CMAKE_AR} -M < ${PROJECT_BINARY_DIR}/liblaunchgate.mri
  DEPENDS ${archive_parts} ${PROJECT_BINARY_DIR}/liblaunchgate.mri
  COMMENT "Joining the library into one archive" VERBATIM)
add_custom_target(lg_archive ALL DEPENDS ${LG_ARCHIVE})

configure_package_config_file(cmake/launchgateConfig.cmake.in ${PROJECT_BINARY_DIR}/launchgateConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/launchgate
  PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/launchgateConfigVersion.cmake COMPATIBILITY SameMinorVersion)

install(TARGETS launchgate RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${LG_ARCHIVE} DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY libscan/core DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/launchgate/libscan FILES_MATCHING PATTERN "*.hpp")
install(FILES libscan/engine/scanner.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/launchgate/libscan/engine)
install(FILES ${PROJECT_BINARY_DIR}/launchgateConfig.cmake ${PROJECT_BINARY_DIR}/launchgateConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/launchgate)
