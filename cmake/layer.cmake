# framewire_layer(NAME [NOT_INSTALLED] [COLD] USES layers... INTERNALS_OF layers...
#                 SOURCES files... LINK targets... PRIVATE_LINK targets...)
# framewire_room(NAME USES rooms... SOURCES files... SLOW files... LINK targets...)
#
# A layer is a static library of src/NAME with public headers in include/framewire/NAME; a room is
# a part of the command, tools/framewire/NAME. Each gets an include directory in which only its own
# headers exist (a link in the build folder), and sees those of the layers or rooms that it names.
# A forbidden include therefore does not compile. Headers in src/NAME are seen by layers that
# name NAME after INTERNALS_OF; those of a layer that is not installed, by whoever uses it.
# The preset release compiles the sources of a layer or room together, and SLOW ones, which include
# a heavy header, by themselves.
# Where what is COLD runs, the time is spent in the kernel or on a person: it is compiled fast.
function(framewire_layer name)
  cmake_parse_arguments(layer "NOT_INSTALLED;COLD" ""
                        "USES;INTERNALS_OF;SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  if(layer_NOT_INSTALLED)
    framewire_link_headers(layers/${name}/${name} src/${name})
    set(installed "")
  else()
    framewire_link_headers(layers/${name}/framewire/${name} include/framewire/${name})
    set(installed $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  endif()
  list(TRANSFORM layer_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/src/${name}/)
  list(TRANSFORM layer_USES PREPEND framewire_)
  add_library(framewire_${name} STATIC ${layer_SOURCES})
  target_include_directories(framewire_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/layers/${name}> ${installed})
  target_link_libraries(framewire_${name}
    PUBLIC ${layer_USES} ${layer_LINK} PRIVATE ${layer_PRIVATE_LINK})
  set_target_properties(framewire_${name} PROPERTIES EXPORT_NAME ${name})
  framewire_use_internals(framewire_${name} ${layer_INTERNALS_OF})
  framewire_compile(framewire_${name} ${layer_COLD})
endfunction()

function(framewire_room name)
  cmake_parse_arguments(room "" "" "USES;SOURCES;SLOW;LINK" ${ARGN})
  framewire_link_headers(rooms/${name}/${name} tools/framewire/${name})
  foreach(list room_SOURCES room_SLOW)
    list(TRANSFORM ${list} PREPEND ${PROJECT_SOURCE_DIR}/tools/framewire/${name}/)
  endforeach()
  set_source_files_properties(${room_SLOW} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  list(TRANSFORM room_USES PREPEND framewire_room_)
  add_library(framewire_room_${name} STATIC ${room_SOURCES} ${room_SLOW})
  target_include_directories(framewire_room_${name} PUBLIC ${PROJECT_BINARY_DIR}/rooms/${name})
  target_link_libraries(framewire_room_${name} PUBLIC ${room_USES} PRIVATE ${room_LINK})
  framewire_compile(framewire_room_${name} TRUE)
endfunction()

# Lets a target include "NAME/header.hpp" from src/NAME.
function(framewire_use_internals target)
  foreach(layer ${ARGN})
    framewire_link_headers(internals/${layer}/${layer} src/${layer})
    target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/internals/${layer})
  endforeach()
endfunction()

function(framewire_link_headers link folder)
  cmake_path(GET link PARENT_PATH parent)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/${parent})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${PROJECT_BINARY_DIR}/${link} SYMBOLIC)
endfunction()

# What every target of ours is compiled with. The precompiled header holds nothing of ours, so it
# opens no wall: only what nearly every source includes. It is compiled once for each optimisation.
function(framewire_compile target cold)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  set(owner framewire_core)
  if(cold)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
    set(owner framewire_transcript)
  endif()
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  if(target STREQUAL owner)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <chrono> <functional>
      <memory> <optional> <string> <string_view> <utility> <variant> <vector>
      <fmt/format.h> <tl/expected.hpp>)
  elseif(NOT target MATCHES "command$")  # compiled otherwise than a library, by one option
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
  framewire_harden(${target} "${cold}")
  framewire_warnings(${target})
endfunction()

function(framewire_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast $<$<BOOL:${FRAMEWIRE_WERROR}>:-Werror>
    # Files that are merged may call the same type by the same name.
    $<$<BOOL:${CMAKE_UNITY_BUILD}>:-Wno-shadow>)
endfunction()
