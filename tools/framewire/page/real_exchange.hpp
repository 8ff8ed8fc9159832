#pragma once

#include "framewire/service/service.hpp"
#include "framewire/transcript/transcript.hpp"

#include <stop_token>
#include <string>

namespace framewire {

/// A conversation that took place: as the server saw it, and what each end wrote down.
struct real_exchange {
    transcript conversation;
    std::string client{};
    std::string server{};
    /// What kept it from its end; empty if nothing did.
    std::string remark{};
};

/// Starts a server with this service, on a port of its own and in a thread of its own, and plays
/// to it what comes from the peer in `sent`, chunk by chunk: the next one once the server has read
/// the last. Then shuts the sending side down and reads until the server has closed. Blocks for at
/// most five seconds. Fails where no server can be started, or if it is stopped. Thread-safe.
[[nodiscard]] result<real_exchange> exchange_for_real(const transcript& sent,
                                                      const service_factory& service,
                                                      const std::stop_token& stop = {});

}  // namespace framewire
