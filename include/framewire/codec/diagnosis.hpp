#pragma once

#include "framewire/core/bytes.hpp"

#include <string_view>

namespace framewire {

/// Recognises what a peer is probably speaking when it is not our framing, from the first bytes of
/// what should have been a frame: `looks like an HTTP request`. Empty where nothing is recognised.
/// The result is valid for ever.
[[nodiscard]] std::string_view looks_like(bytes beginning) noexcept;

}  // namespace framewire
