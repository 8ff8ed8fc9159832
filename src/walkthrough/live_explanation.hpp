#pragma once

#include "dissector.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

/// Explains a conversation while it happens, in comments of its transcript: for each read the
/// state before and after, the bytes with their parts named, and the check that decided; for each
/// write the bytes with their parts. Explains the first 64 KiB of each direction, and says so at
/// the end of them: looking at every byte takes time that others wait for.
class live_explanation {
public:
    static constexpr std::uint64_t explained_bytes_max = std::uint64_t{64} * 1024;

    live_explanation(const framing& frames, bool colour);

    /// `line` is what the transcript says of these bytes; it comes back with its explanation.
    [[nodiscard]] std::string received(bytes part, const std::string& line);
    [[nodiscard]] std::string sent(bytes part, const std::string& line);
    /// These bytes are not explained, but what follows them can be.
    void pass_received(bytes part) { pass(from_peer_, part); }
    void pass_sent(bytes part) { pass(to_peer_, part); }

private:
    struct direction {
        explicit direction(const framing& frames);

        [[nodiscard]] bool takes(bytes part) const noexcept;

        dissector parts;
        std::uint64_t calls = 0;
        bool is_over = false;  // and that has been said
        bool is_lost = false;
    };
    static std::string end(direction& which, std::string_view what);
    static void pass(direction& which, bytes part);

    framing frames_;
    bool colour_;
    direction from_peer_;
    direction to_peer_;
};

}  // namespace framewire
