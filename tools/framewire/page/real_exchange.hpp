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

/// Has a server with this service on a port of its own, and a client that sends it what comes from
/// the peer in `sent`, chunk by chunk: the next one once the server has read the last. Then the
/// client says that there is no more, and hears the server out, for at most five seconds in all.
/// Fails where no server can be had, or if it is stopped. Waits for the end: call it in a thread
/// of its own.
[[nodiscard]] result<real_exchange> exchange_for_real(transcript sent, service_factory service,
                                                      std::stop_token stop = {});

}  // namespace framewire
