#pragma once

#include "framewire/core/result.hpp"
#include "message_file.hpp"

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace framewire {

/// What is sent as one message.
using message = std::variant<std::string, message_file>;

/// There is no message yet; there may be one when this descriptor is readable.
struct message_later {
    int descriptor;
};
struct no_more_messages {};
using next_message = std::variant<message, message_later, no_more_messages>;

/// Returns the messages in order. Not called again after `no_more_messages` or a failure.
using message_source = std::function<result<next_message>()>;

/// A file as one message; `-` is standard input. It is read while it is sent, unless the framing
/// must announce its length and only reading can tell. Fails if it cannot be read or framed, or if
/// that is more than `held_bytes_max`.
[[nodiscard]] result<message> open_message(const std::string& path, const framing& frames,
                                           std::uint64_t held_bytes_max);

[[nodiscard]] message_source messages_of(std::vector<message> all);

}  // namespace framewire
