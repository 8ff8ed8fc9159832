#pragma once

#include "conversation.hpp"
#include "framewire/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// Which frames of a conversation are shown. Each side's frames are counted from 1.
struct frame_selection {
    struct range {
        std::uint64_t first = 1;
        std::uint64_t last = UINT64_MAX;
    };
    std::optional<range> numbers{};
    /// Those near the first failure of either side.
    bool around_failed = false;
    /// Payloads that contain these bytes.
    std::optional<std::string> content{};

    [[nodiscard]] bool any() const noexcept { return numbers || around_failed || content; }
};

/// `100..110`, `100..`, `..110` or `100`.
[[nodiscard]] result<frame_selection::range> parse_frame_range(std::string_view text);

/// The frames that are selected, each as one line with its bytes, and gaps in place of the others.
/// Bytes that are no whole frame, such as a wrong header, count as the frame after the last.
[[nodiscard]] conversation selected(conversation shown, const frame_selection& which);

}  // namespace framewire
