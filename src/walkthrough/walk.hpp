#pragma once

#include "explanation.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/session_target.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace framewire {

/// What is said of one frame that a chunk touches, and what the session said when it was complete:
/// lines of a transcript.
struct walk_part {
    frame_anatomy frame;
    std::vector<finding> findings;
    std::string events{};
};

/// One chunk, and what it changed.
struct walk_step {
    std::uint64_t offset = 0;  ///< of the chunk in the stream
    std::uint64_t size = 0;
    std::string before;      ///< what the receiver knew
    std::string received{};  ///< the chunk as a transcript writes it
    std::vector<walk_part> parts{};
    std::string after{};
};

/// What the chunk changes for a receiver: a step without what a session would say of it.
[[nodiscard]] walk_step explain_chunk(const framing& frames, dissector& receiver, bytes chunk);

/// A real session receives a stream chunk by chunk, as a server would, and every step is
/// explained.
///
/// Beside the session runs a `dissector`. It knows which byte is part of what, because it feeds
/// the framing's own decoder one byte at a time; it knows no framing itself. `explanation` has the
/// words, and each codec those for its own headers (`framing::describe_header`). A `walk_step` is
/// what session and dissector say of one chunk. `walk_text` writes steps as comments of a
/// transcript, `live_explanation` while a conversation happens, and the page of `trace` from JSON.
class walk {
public:
    walk(const framing& frames, const limits& bounds);

    walk_step receive(bytes chunk);
    /// Time goes by; the peer ends its stream; it resets the connection. What the session says of
    /// it, as lines of a transcript.
    std::string pass(std::chrono::milliseconds elapsed);
    std::string receive_eof();
    std::string receive_reset();

    /// The error that ended the stream; null while there is none.
    [[nodiscard]] const wire_error* failure() const noexcept {
        return target_.receiver().failure();
    }

private:
    std::string perform(const action& todo);
    std::string print(const event& happened);

    framing frames_;
    session_target target_;
    transcript_printer printer_;
    dissector dissector_;
};

}  // namespace framewire
