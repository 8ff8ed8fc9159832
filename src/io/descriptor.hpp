#pragma once

#include <unistd.h>
#include <utility>

namespace framewire {

/// An open file, socket, pipe or device; closed with its owner.
class owned_descriptor {
public:
    explicit owned_descriptor(int descriptor = -1) noexcept : descriptor_(descriptor) {}
    owned_descriptor(owned_descriptor&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)) {}
    owned_descriptor& operator=(owned_descriptor&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~owned_descriptor() { close(); }

    [[nodiscard]] int get() const noexcept { return descriptor_; }
    [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
    /// Gives it to the caller, who closes it.
    [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }
    /// False, with `errno` set, if data written before is lost.
    bool close() noexcept {
        const int descriptor = std::exchange(descriptor_, -1);
        return descriptor < 0 || ::close(descriptor) == 0;
    }

private:
    int descriptor_;
};

}  // namespace framewire
