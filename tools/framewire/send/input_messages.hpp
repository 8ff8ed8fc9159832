#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/session/session.hpp"
#include "messages.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace framewire {

/// Standard input as messages: each line without its line feed, or the payload of each frame.
/// Returns a message as soon as it is complete, and never blocks.
class input_messages {
public:
    /// Lines. With `unescapes`, escapes in them are read.
    explicit input_messages(bool unescapes) : unescapes_(unescapes) {}
    /// Frames, whose payloads are at most so large.
    input_messages(const framing& frames, std::uint64_t payload_bytes_max);

    /// As a `message_source` does. Fails if standard input cannot be read, or is not what was
    /// expected.
    result<next_message> next();

private:
    std::optional<result<next_message>> take();
    std::optional<result<next_message>> take_line();
    std::optional<result<next_message>> take_frame();
    [[nodiscard]] result<next_message> as_message(std::string line) const;
    result<void> read();

    bool unescapes_ = false;
    std::unique_ptr<session> frames_;  // null for lines
    std::string input_;
    std::size_t taken_ = 0;     // of `input_`, as lines
    std::size_t searched_ = 0;  // of `input_`, for a line feed
    bool ended_ = false;
};

}  // namespace framewire
