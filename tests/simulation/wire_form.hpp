#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace framewire::tests {

/// A framing as the peers write it: not by the library's own encoder.
struct wire_form {
    enum class length { decimal, one_byte, variable, none };

    std::string spec;
    length writes = length::decimal;
    std::size_t payload_max = 0;  // of an ordinary message
    std::string_view broken{};    // what no decoder takes for a frame

    [[nodiscard]] std::string frame(std::string_view payload) const;
};

}  // namespace framewire::tests
