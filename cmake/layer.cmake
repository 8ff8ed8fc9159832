# framewire_layer(NAME USES layers... SOURCES files... LINK targets... PRIVATE_LINK targets...)
#
# One static library per layer, from src/NAME and include/framewire/NAME. All public headers live
# in one tree, so each layer is given an include directory in which only its own headers exist (a
# link in the build folder); those of the layers it uses come with them. A forbidden include
# therefore does not compile.
function(framewire_layer name)
  cmake_parse_arguments(layer "" "" "USES;SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  set(headers ${PROJECT_BINARY_DIR}/layers/${name})
  file(MAKE_DIRECTORY ${headers}/framewire)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include/framewire/${name} ${headers}/framewire/${name}
       SYMBOLIC)

  list(TRANSFORM layer_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/src/${name}/)
  list(TRANSFORM layer_USES PREPEND framewire_)
  add_library(framewire_${name} STATIC ${layer_SOURCES})
  target_include_directories(framewire_${name} PUBLIC
    $<BUILD_INTERFACE:${headers}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(framewire_${name}
    PUBLIC ${layer_USES} ${layer_LINK} PRIVATE ${layer_PRIVATE_LINK})
  target_compile_features(framewire_${name} PUBLIC cxx_std_20)
  set_target_properties(framewire_${name} PROPERTIES
    CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON EXPORT_NAME ${name})
  framewire_warnings(framewire_${name})
endfunction()

function(framewire_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast $<$<BOOL:${FRAMEWIRE_WERROR}>:-Werror>)
endfunction()
