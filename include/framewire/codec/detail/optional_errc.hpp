#pragma once

#include "framewire/core/error.hpp"

#include <optional>

namespace framewire {

/// An error code, or none: a `std::optional` in one piece, for what is returned for every byte. To
/// read an optional out of the register it was returned in, GCC stores its two halves and loads
/// both at once, and a processor waits for that.
class optional_errc {
public:
    constexpr optional_errc() noexcept = default;
    // Implicit, as those of an optional.
    constexpr optional_errc(std::nullopt_t /*none*/) noexcept {}
    constexpr optional_errc(errc code) noexcept : code_(code) {}

    [[nodiscard]] constexpr explicit operator bool() const noexcept { return code_ != errc{}; }
    /// Requires: there is one.
    [[nodiscard]] constexpr errc operator*() const noexcept { return code_; }

private:
    errc code_{};
};

}  // namespace framewire
