#pragma once

#include "explanation.hpp"
#include "framewire/core/direction.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/session_target.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// The findings about one frame that a chunk touches, and the session's events for it: lines of a
/// transcript.
struct walk_part {
    frame_anatomy frame;
    std::vector<finding> findings;
    std::string events{};
};

/// One chunk and its effects.
struct walk_step {
    std::uint64_t offset = 0;  ///< of the chunk in the stream
    std::uint64_t size = 0;
    std::string before;      ///< the receiver's state
    std::string received{};  ///< the chunk as in a transcript
    std::vector<walk_part> parts{};
    std::string after{};
};

/// The effects of the chunk on a receiver: a step without the events of a session.
[[nodiscard]] walk_step explain_chunk(dissector& receiver, bytes chunk);

/// A real session that receives a stream chunk by chunk, as a server would, with an explanation of
/// every step.
///
/// A `dissector` runs beside the session. It assigns every byte to a part of a frame by feeding
/// the framing's own decoder one byte at a time; it knows no framing itself. `explanation` has the
/// words, and each codec those for its own headers (`framing::describe_header`). A `walk_step`
/// combines the results of session and dissector for one chunk. `walk_text` writes steps as
/// comments of a transcript, `live_explanation` does so during a conversation, and the page of
/// `trace` reads them from JSON.
class walk {
public:
    /// `frames` are those of the stream that is received. `way` is only how its lines are printed:
    /// with `sent`, as what the peer of this walk's server receives.
    walk(const framing& frames, const limits& bounds, direction way = direction::received);

    walk_step receive(bytes chunk);
    /// The same in parts, so that a chunk of millions of frames takes no memory: the step before
    /// the chunk, then every part, then the state after it.
    walk_step begin_step(bytes chunk);
    void receive(bytes chunk, const std::function<void(walk_part&&)>& each);
    [[nodiscard]] std::string state() const {
        return describe_state(dissector_.frames(), dissector_);
    }
    /// Time passes; the peer ends its stream; the peer resets the connection. Returns the
    /// session's events as lines of a transcript.
    std::string pass(std::chrono::microseconds elapsed);
    /// From here on, frames are of this framing; returns the line that says so.
    std::string use(const framing& frames);
    std::string receive_eof();
    std::string receive_reset();
    /// So many bytes are missing; what follows begins with a frame.
    std::string pass_gap(std::uint64_t missing);

    /// The frame that has begun and not ended, if any.
    [[nodiscard]] const std::optional<frame_anatomy>& open() const noexcept {
        return dissector_.open();
    }
    /// How many bytes of the stream have been received, missing ones included.
    [[nodiscard]] std::uint64_t offset() const noexcept { return dissector_.offset(); }
    /// The error that ended the stream, or null.
    [[nodiscard]] const wire_error* failure() const noexcept {
        return target_.receiver().failure();
    }

private:
    std::string perform(const action& todo);
    std::string print(const event& happened);

    direction way_;
    session_target target_;
    transcript_printer printer_;
    dissector dissector_;
};

}  // namespace framewire
