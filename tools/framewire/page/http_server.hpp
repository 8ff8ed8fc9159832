#pragma once

#include "framewire/core/result.hpp"
#include "http_connection.hpp"
#include "http_jobs.hpp"
#include "http_message.hpp"
#include "io/descriptor.hpp"
#include "io/poller.hpp"
#include "io/signal_handler.hpp"

#include <chrono>
#include <cstdint>
#include <map>

namespace framewire {

/// Serves a site to the peers of a listening socket, on one thread. From its construction on,
/// SIGINT and SIGTERM end `run` instead of the program.
class http_server final : private pollable {
public:
    /// Requires: `listener` is not blocking, `site` outlives this.
    http_server(owned_descriptor listener, http_site& site);

    /// Runs until SIGINT or SIGTERM. Fails if the system cannot wait for connections any more.
    result<void> run();

private:
    using clock = std::chrono::steady_clock;

    void ready(interest found) override;
    bool accept_one();
    void pause_accepting() noexcept;
    [[nodiscard]] clock::time_point next_deadline() const noexcept;
    void expire(clock::time_point now);

    poller poller_;
    bool is_stopped_ = false;
    signal_handler signals_;
    owned_descriptor listener_;
    http_site& site_;
    clock::time_point accepts_again_ = clock::time_point::max();
    std::uint64_t opened_ = 0;
    // Destroyed before the connections, so that no job outlives them.
    std::map<std::uint64_t, http_connection> peers_;
    http_jobs jobs_;
};

}  // namespace framewire
