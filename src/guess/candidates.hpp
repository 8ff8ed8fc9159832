#pragma once

#include "framewire/codec/framing.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace framewire {

/// A framing to try.
struct candidate {
    framing frames;
    /// What it is where the first frames of both ends are over; nothing if it has no other there.
    std::optional<framing> midway{};
    std::vector<std::string_view> presets{};
    double doubt = 0;  ///< in bits: how seldom it is used, compared with others
};

/// All presets but those of fixed size and of `eof`, then plausible specs of each framing; no two
/// have the same spec.
[[nodiscard]] std::vector<candidate> all_candidates();

}  // namespace framewire
