# Two Debian packages, `framewire` and `libframewire-dev`, of what `cmake --install` has. The target
# `package` is CPack's own; `debian` has lintian read what it made.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "framewire authors <framewire@packages.invalid>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_COMPONENTS_ALL command library)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
    GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME framewire)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION net)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SHLIBDEPS ON)
# Loaded when a capture is compressed with the first, or a store forwards to NATS.
set(CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS "libzstd1, libnats3.4")
set(CPACK_DEBIAN_COMMAND_DESCRIPTION
"A server and a client that know where each message begins and ends, a load
generator that checks every reply, and a tracer that explains captured bytes.")

# Makes the user of the units.
set(CPACK_DEBIAN_COMMAND_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/tools/systemd/postinst)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libframewire-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "libfmt-dev (>= 9), libexpected-dev, libssl-dev (>= 3)")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SUGGESTS "libboost1.81-dev, cmake, pkg-config")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION
"A library for C++20: servers and clients for protocols whose messages are
framed by a length, a delimiter or a fixed size. Static libraries, headers, a
CMake package and pkg-config files.")
include(CPack)
add_custom_target(debian COMMAND ${CMAKE_COMMAND} --build . --target package
                  COMMAND lintian --fail-on error framewire_*.deb libframewire-dev_*.deb
                  WORKING_DIRECTORY ${PROJECT_BINARY_DIR})

# Every Debian package has these two files.
set(package_files ${PROJECT_BINARY_DIR}/package)
file(WRITE ${package_files}/changelog
"framewire (${PROJECT_VERSION}) unstable; urgency=medium

  * What has changed is in CHANGELOG.md of the source.

 -- ${CPACK_PACKAGE_CONTACT}  Sat, 28 Nov 2026 00:00:00 +0000
")
file(WRITE ${package_files}/copyright
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: framewire

Files: *
Copyright: 2026 framewire authors
License: Apache-2.0
 On Debian systems, the text of the license is in
 /usr/share/common-licenses/Apache-2.0.
")
execute_process(COMMAND gzip --force --best --no-name ${package_files}/changelog
                COMMAND_ERROR_IS_FATAL ANY)
foreach(component command library)
  string(TOUPPER ${component} upper)
  install(FILES ${package_files}/changelog.gz ${package_files}/copyright COMPONENT ${component}
          DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
endforeach()
