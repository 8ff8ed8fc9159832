#pragma once

#include "framewire/net/server.hpp"
#include "init/notifier.hpp"

#include <thread>

namespace framewire {

/// Reports to the init system, twice in each of its periods, that every event loop still comes
/// round. A thread of its own, and only if the init system asks for it.
class watchdog {
public:
    /// Requires: both outlive this.
    watchdog(server& of, const notifier& to);

private:
    std::jthread thread_;
};

}  // namespace framewire
