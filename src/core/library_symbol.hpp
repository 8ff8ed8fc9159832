#pragma once

#include <dlfcn.h>

namespace framewire {

/// Finds a function of a library that `dlopen` has loaded. False if it has none of that name.
template <class F>
bool find_symbol(void* library, const char* name, F*& into) noexcept {
    // POSIX guarantees this cast from an object pointer to a function pointer.
    into = reinterpret_cast<F*>(::dlsym(library, name));  // NOLINT(*-reinterpret-cast)
    return into != nullptr;
}

}  // namespace framewire
