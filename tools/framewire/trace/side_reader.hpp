#pragma once

#include "conversation.hpp"
#include "framewire/transcript/session_target.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace framewire {

/// One direction of a conversation, with the session that decodes it.
class side_reader {
public:
    /// An event, and how far the stream has been decoded then: the end of a frame.
    using event_sink = std::function<void(const event&, std::uint64_t end)>;

    /// Of what the client sends, or of what the server sends to it.
    side_reader(const framing& client_frames, direction way, delivery mode = delivery::whole);

    /// Reports what the line leads to; ignores lines that are about the other direction.
    void take(const transcript_line& line, const event_sink& each);

    /// True if a frame has begun and not ended.
    [[nodiscard]] bool is_inside_frame() const;
    /// Why the stream could not be decoded further; null while it can. A gap ends a failure.
    [[nodiscard]] const wire_error* failure() const noexcept {
        return target_.receiver().failure();
    }
    /// True once the end of the stream, or its failure, has been reported.
    [[nodiscard]] bool over() const noexcept { return target_.receiver().over(); }
    /// Where the frame begins that has begun last.
    [[nodiscard]] std::uint64_t frame_begin() const noexcept { return decoded_; }
    /// How many bytes of the stream there were, missing ones included.
    [[nodiscard]] std::uint64_t offset() const noexcept { return target_.offset(); }
    /// What is incomplete if no more comes: `frame.truncated` at the frame's first byte. Nothing
    /// between frames. Requires: nothing is taken afterwards.
    [[nodiscard]] std::optional<wire_error> unfinished();

private:
    void perform(const action& todo, const event_sink& each);

    direction way_;
    framing turned_;
    session_target target_;
    std::uint64_t decoded_ = 0;
};

}  // namespace framewire
