#pragma once

#include <unistd.h>
#include <utility>

namespace framewire {

/// An open file, pipe or device; closed with its owner.
class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int value) noexcept : value_(value) {}
    descriptor(descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~descriptor() { (void)close(); }

    [[nodiscard]] int value() const noexcept { return value_; }
    [[nodiscard]] bool is_open() const noexcept { return value_ >= 0; }
    /// False, with `errno`, if what was written before is lost after all.
    bool close() noexcept {
        const int value = std::exchange(value_, -1);
        return value < 0 || ::close(value) == 0;
    }

private:
    int value_ = -1;
};

}  // namespace framewire
