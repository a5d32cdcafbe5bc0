include(GNUInstallDirs)
install(TARGETS launchgate RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
