#pragma once

#include "conversation.hpp"
#include "framewire/service/service.hpp"
#include "world.hpp"

#include <cstddef>
#include <string_view>

namespace framewire::tests {

/// A service of the simulated server, and what the peers know of it.
struct simulated_service {
    std::string_view name;
    service_factory make;
    reply_function reply;
    bool in_order = true;      ///< replies come in the order of what they answer
    bool pushes = false;       ///< other messages come between them
    bool streams = false;      ///< takes payloads of any size
    bool relays = false;       ///< what a peer sends, all others get
    bool skips = false;        ///< some messages get no reply
    std::string_view last{};   ///< the payload after which it closes
    std::string_view fatal{};  ///< the payload with which it fails
};

/// What precedes the number of a message that answers nothing.
inline constexpr std::string_view push_mark = "push ";

[[nodiscard]] simulated_service random_service(world& in);

}  // namespace framewire::tests
