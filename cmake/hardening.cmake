# framewire_harden(TARGET COLD): what an attack that found a mistake has to defeat, too, where the
# compiler optimises, and for the target alone: what users compile stays theirs. What is not cold
# runs for every message: there only arrays of characters guard the stack, as to guard more costs a
# tenth of the instructions, and the checks of the standard library are left out.
# framewire_harden_program(TARGET): the same for how a program is linked.
include(CheckCXXCompilerFlag)
set(framewire_hardening -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
if(FRAMEWIRE_HARDENED)
  foreach(flag -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "framewire_has${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      list(APPEND framewire_hardening ${flag})
    endif()
  endforeach()
endif()

function(framewire_harden target cold)
  if(NOT FRAMEWIRE_HARDENED)
    return()
  endif()
  set(flags ${framewire_hardening} -fstack-protector)
  if(cold)
    set(flags ${framewire_hardening} -fstack-protector-strong -D_GLIBCXX_ASSERTIONS)
  endif()
  set(where Release,RelWithDebInfo,MinSizeRel)
  if(ARGN)
    set(where ${ARGN})
  endif()
  target_compile_options(${target} PRIVATE "$<$<CONFIG:${where}>:${flags}>")
endfunction()

function(framewire_harden_program target)
  if(FRAMEWIRE_HARDENED)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_link_options(${target} PRIVATE -pie LINKER:-z,relro,-z,now,-z,noexecstack)
  endif()
endfunction()
