#pragma once

#include "framewire/codec/framing.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace framewire {

/// How the framings of a session differ from those of its rules, at this place of its streams.
struct framing_changes {
    /// What frames that are queued before the end of a deferred reply are framed with.
    struct earlier {
        std::uint64_t slot = 0;
        framing frames;
        bool is_first = false;  // for one frame only: that of the slot, or one that overtakes it
    };

    /// The decoder is that of first frames, one of which has been received or not.
    bool decodes_first = false;
    bool has_first = false;
    /// The framing of what follows the frame that is being received.
    std::optional<framing> next{};

    /// The frame that is queued next is the first of its framing.
    bool sends_first = false;
    /// In the order of their slots.
    std::deque<earlier> before{};
    /// Of the open frame, if that is not the framing of the rules.
    std::optional<framing> open{};

    [[nodiscard]] bool of_input() const noexcept { return decodes_first || next.has_value(); }
    [[nodiscard]] bool of_output() const noexcept {
        return sends_first || !before.empty() || open.has_value();
    }
};

}  // namespace framewire
