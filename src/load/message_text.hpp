#pragma once

#include "framewire/core/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// The text of a message, in which each `{n}` becomes a number in decimal.
class message_text {
public:
    explicit message_text(std::string_view text);

    /// True if the text contains `{n}`.
    [[nodiscard]] bool has_number() const noexcept { return parts_.size() > 1; }
    /// The text with `number` in place of each `{n}`.
    [[nodiscard]] std::string with(std::uint64_t number) const;
    /// True if `payload` is `with(number)`.
    [[nodiscard]] bool is(bytes payload, std::uint64_t number) const noexcept;
    /// The number for which `is` holds; nothing if there is none. Requires: `has_number()`.
    [[nodiscard]] std::optional<std::uint64_t> number_in(bytes payload) const noexcept;

private:
    std::vector<std::string> parts_;  // with a number between each two
};

}  // namespace framewire
