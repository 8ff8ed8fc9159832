#pragma once

#include "cli/print.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace framewire {

/// Prints text in steps, so that little of it is held. Throws as `print` does.
class printed_text {
public:
    printed_text() = default;
    printed_text(const printed_text&) = delete;
    printed_text& operator=(const printed_text&) = delete;

    void add(std::string_view some) {
        text_ += some;
        if (text_.size() >= step_bytes) flush();
    }
    /// Prints what is left.
    void flush() { print(std::exchange(text_, {})); }

private:
    static constexpr std::size_t step_bytes = 65536;
    std::string text_;
};

}  // namespace framewire
