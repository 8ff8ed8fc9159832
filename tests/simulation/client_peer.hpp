#pragma once

#include "simulated_service.hpp"
#include "wire_form.hpp"
#include "world.hpp"

namespace framewire::tests {

/// What a program of ours does that connects to the simulated server: asks, with the library's
/// client, and compares. Requires: the service replies to everything, in order.
class client_peer {
public:
    client_peer(world& in, const wire_form& form, const simulated_service& served)
        : world_(in), form_(form), served_(served) {}

    /// On a thread of its own.
    void run();

private:
    void converse();
    void wait(nanoseconds most);
    /// Nothing but what the seed wants may fail.
    void require_reply(const wire_result<std::string>& got, const std::string& asked);

    world& world_;
    const wire_form& form_;
    const simulated_service& served_;
};

}  // namespace framewire::tests
