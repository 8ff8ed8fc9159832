#pragma once

#include "real_call.hpp"
#include "world.hpp"

#include <cerrno>
#include <string>

namespace framewire::tests {

/// What a system call that fails returns.
inline int refused(int error) noexcept {
    errno = error;
    return -1;
}

/// What a descriptor refers to. It is a violation if that is something else, or closed.
template <class File>
File& file_at(int descriptor, const char* what) {
    const auto& in = world::current();
    const auto file = file_table::knows(descriptor) ? in.files.find(descriptor) : nullptr;
    auto* const one = dynamic_cast<File*>(file.get());
    if (one == nullptr) {
        in.violated("descriptor " + std::to_string(descriptor) + " is used as " + what +
                    (file ? ", and is something else" : ", and is closed"));
    }
    return *one;
}

}  // namespace framewire::tests
