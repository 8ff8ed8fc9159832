# `cmake --install`: headers, libraries, the command, a CMake package and pkg-config files.
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME library)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/framewire)
set(layers framewire_core framewire_codec framewire_session framewire_service framewire_transcript
           framewire_transport framewire_io framewire_net)

install(TARGETS framewire ${layers} EXPORT framewire-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS framewire_asio EXPORT framewire-asio-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/framewire DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT framewire-targets NAMESPACE framewire:: DESTINATION ${package_dir})
install(EXPORT framewire-asio-targets NAMESPACE framewire:: DESTINATION ${package_dir})
if(TARGET framewire_command)
  set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME command)
  install(TARGETS framewire_command DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(DIRECTORY ${PROJECT_BINARY_DIR}/documents/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
  set(completions ${PROJECT_BINARY_DIR}/documents/completions)
  install(FILES ${completions}/framewire
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  # Debian's zsh reads the first below /usr and the second below /usr/local.
  foreach(folder vendor-completions site-functions)
    install(FILES ${completions}/_framewire DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/${folder})
  endforeach()
  install(FILES ${completions}/framewire.fish
          DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  # Below the prefix: systemd reads those of /usr and of /usr/local.
  install(FILES tools/systemd/framewire@.service tools/systemd/framewire@.socket
          DESTINATION lib/systemd/system)
  install(FILES tools/systemd/framewire.sysusers DESTINATION lib/sysusers.d
          RENAME framewire.conf)
  include(package)
  set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME library)
endif()

configure_package_config_file(cmake/framewire-config.cmake.in framewire-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(framewire-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/framewire-config.cmake
              ${PROJECT_BINARY_DIR}/framewire-config-version.cmake
        DESTINATION ${package_dir})

# Wherever the installed files are put, they find each other.
file(RELATIVE_PATH pkgconfig_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
foreach(name framewire framewire-asio)
  configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
