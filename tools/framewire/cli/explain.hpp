#pragma once

#include "framewire/core/error.hpp"
#include "framewire/core/result.hpp"
#include "protocols.hpp"

#include <string_view>

namespace framewire {

/// True if the peer probably uses another framing.
[[nodiscard]] bool is_framing_error(errc code) noexcept;

/// What to do about it, for a person.
inline constexpr std::string_view framings_hint =
    "framewire trace FILE lists the framings that fit a capture or a dump";

/// Why there is no reply, for a person.
[[nodiscard]] failure explain(const wire_error& error, const client_wording& wording);

}  // namespace framewire
