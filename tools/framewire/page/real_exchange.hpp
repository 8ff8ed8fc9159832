#pragma once

#include "framewire/service/service.hpp"
#include "framewire/transcript/transcript.hpp"

#include <stop_token>
#include <string>

namespace framewire {

/// A conversation that took place: as the server saw it, and the transcripts of both ends.
struct real_exchange {
    transcript conversation;
    std::string client{};
    std::string server{};
    /// Why it is incomplete; empty if it is complete.
    std::string remark{};
};

/// Starts a server with this service, on a port and a thread of its own, and sends it the peer's
/// chunks of `sent`, each after the server has read the last. Then shuts down the sending side and
/// reads until the server has closed. Blocks for at most five seconds. Fails if no server can be
/// started, or when it is stopped. Thread-safe.
[[nodiscard]] result<real_exchange> exchange_for_real(const transcript& sent,
                                                      const service_factory& service,
                                                      const std::stop_token& stop = {});

}  // namespace framewire
