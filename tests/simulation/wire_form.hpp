#pragma once

#include "random.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire::tests {

/// A framing as the peers write and read it: not by the library's own code.
struct wire_form {
    enum class length : std::uint8_t { decimal, binary, variable, none };

    std::string spec;
    length writes = length::decimal;
    std::size_t length_bytes = 10;
    std::size_t payload_max = 0;    ///< that the framing can carry, or of an ordinary message
    std::size_t skipped_above = 0;  ///< longer ones are discarded; 0: none
    std::string_view broken{};      ///< what no decoder takes for a frame; empty if there is none

    [[nodiscard]] std::string frame(std::string_view payload) const;
    /// The first payload of `data`, which is then removed from it; nothing if it is not whole.
    [[nodiscard]] std::optional<std::string> take(std::string& data) const;
    /// How many bytes of a frame precede its payload.
    [[nodiscard]] std::size_t header_bytes(std::string_view payload) const;
};

[[nodiscard]] wire_form random_form(random_source& random);

}  // namespace framewire::tests
