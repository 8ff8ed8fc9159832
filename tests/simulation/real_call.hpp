#pragma once

#include <dlfcn.h>

namespace framewire::tests {

/// The function of the C library that a definition of this program replaces.
template <class Function>
Function* real_call(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace framewire::tests
