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

[[nodiscard]] message_source messages_of(std::vector<message> all);

}  // namespace framewire
