# framewire_harden(TARGET [CONFIGURATIONS]): what an attack that found a mistake would have to
# defeat, too. For these configurations (those that optimise, unless said otherwise), and for the
# target alone: what users compile stays theirs.
# framewire_harden_program(TARGET): the same for how a program is linked.
include(CheckCXXCompilerFlag)
if(FRAMEWIRE_HARDENED)
  set(framewire_hardening -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "framewire_has${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      list(APPEND framewire_hardening ${flag})
    endif()
  endforeach()
endif()

function(framewire_harden target)
  if(FRAMEWIRE_HARDENED)
    set(where Release,RelWithDebInfo,MinSizeRel)
    if(ARGN)
      set(where ${ARGN})
    endif()
    target_compile_options(${target} PRIVATE "$<$<CONFIG:${where}>:${framewire_hardening}>")
  endif()
endfunction()

function(framewire_harden_program target)
  if(FRAMEWIRE_HARDENED)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_link_options(${target} PRIVATE -pie LINKER:-z,relro,-z,now,-z,noexecstack)
  endif()
endfunction()
