#pragma once

#include "dissector.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

/// Explains a conversation while it happens, in comments of its transcript: for each read the
/// state before and after, the bytes with their parts named, and the check that decided; for each
/// write the bytes with their parts. Explains only the first 64 KiB of each direction, with a
/// comment at their end, because other connections wait meanwhile.
class live_explanation {
public:
    static constexpr std::uint64_t explained_bytes_max = std::uint64_t{64} * 1024;

    live_explanation(const framing& frames, bool colour);

    /// Returns `line`, the transcript's line for these bytes, with its explanation.
    [[nodiscard]] std::string received(bytes data, const std::string& line);
    [[nodiscard]] std::string sent(bytes data, const std::string& line);
    /// From here on, frames are of this framing.
    void use(const framing& frames) {
        from_peer_.parts.use(frames);
        to_peer_.parts.use(frames.replies());
    }
    /// Takes bytes without explaining them, so that later ones can be explained.
    void pass_received(bytes data) { pass(from_peer_, data); }
    void pass_sent(bytes data) { pass(to_peer_, data); }

private:
    struct direction {
        explicit direction(const framing& frames);

        [[nodiscard]] bool takes(bytes data) const noexcept;

        dissector parts;
        std::uint64_t calls = 0;
        bool is_over = false;  // and a comment was returned
        bool is_lost = false;
    };
    static std::string end(direction& which, std::string_view what);
    static void pass(direction& which, bytes data);

    bool colour_;
    direction from_peer_;
    direction to_peer_;
};

}  // namespace framewire
