#pragma once

#include "cli/event_options.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/core/time.hpp"
#include "io/descriptor.hpp"
#include "reply_output.hpp"
#include "transfer.hpp"
#include "transport/transport.hpp"

#include <cstdint>
#include <optional>

namespace framewire {

struct transfer_setting {
    framewire::limits limits{};
    /// The peer has connected to us, not we to it.
    bool is_accepted = false;
    /// When the transfer ends in any case.
    std::optional<time_point> until{};
    /// How many transcripts are wanted on standard error (`add_verbosity`).
    int verbosity = 0;
    event_options events{};
    /// Null: without TLS.
    transport_factory make_transport{};
    std::optional<proxy_announcement> announces{};
};

struct transfer_end {
    /// As `until` had come.
    bool by_time = false;
    /// How many replies came.
    std::uint64_t received = 0;
};

/// Runs a transfer over a connected socket, from its beginning to its end, and closes `replies`.
[[nodiscard]] result<transfer_end> run_transfer(owned_descriptor socket, const transfer_plan& plan,
                                                const transfer_setting& setting,
                                                message_source messages, reply_output& replies);

}  // namespace framewire
