#pragma once

#include "conversation.hpp"
#include "framewire/core/limits.hpp"
#include "peer_habits.hpp"
#include "random.hpp"
#include "simulated_service.hpp"
#include "wire_form.hpp"

#include <cstddef>

namespace framewire::tests {

/// What peers of one world have in common.
struct peer_rules {
    const wire_form& form;
    const simulated_service& served;
    const limits& bounds;
    std::size_t number;  // of peers before it
    bool crowd;          // of many who have little to say
};

struct random_peer {
    peer_habits habits;
    conversation says;
};

/// A peer of any kind.
[[nodiscard]] random_peer make_random_peer(random_source& random, const peer_rules& rules);

}  // namespace framewire::tests
