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
    static constexpr std::uint64_t explained_bytes_max = 64 * 1024;

    live_explanation(const framing& frames, bool colour);

    /// `line` is what the transcript says of these bytes; it comes back with its explanation.
    [[nodiscard]] std::string received(bytes part, const std::string& line);
    [[nodiscard]] std::string sent(bytes part, const std::string& line);

private:
    struct direction {
        explicit direction(const framing& frames);

        [[nodiscard]] bool takes(bytes part) const noexcept;

        dissector parts;
        std::uint64_t calls = 0;
        bool is_over = false;
    };
    static std::string end(direction& which, std::string_view what);

    framing frames_;
    bool colour_;
    direction from_peer_;
    direction to_peer_;
};

}  // namespace framewire
