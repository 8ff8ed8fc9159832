#pragma once

#include "framewire/core/result.hpp"
#include "http_connection.hpp"
#include "http_jobs.hpp"
#include "http_message.hpp"
#include "io/descriptor.hpp"
#include "io/inbox.hpp"
#include "io/poller.hpp"
#include "io/signal_handler.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace framewire {

/// Serves a site to the peers of listening sockets, on one thread.
class http_server final : private pollable {
public:
    /// Throws `std::system_error` if the system has no more descriptors. Requires: the listeners
    /// do not block, `site` outlives this. Without `transports`, peers speak without TLS.
    http_server(std::vector<owned_descriptor> listeners, http_site& site,
                transport_factory transports = {});
    ~http_server() override;

    /// From here on SIGINT and SIGTERM call `stop` instead of ending the program.
    void stop_on_signals();
    /// Ends `run`, also one that begins later. Thread-safe.
    void stop() noexcept;

    /// Runs until stopped. Fails if the system cannot wait for connections any more.
    result<void> run();

private:
    using clock = std::chrono::steady_clock;

    void ready(interest found) override;
    bool accept_one(int listener);
    void pause_accepting() noexcept;
    [[nodiscard]] clock::time_point next_deadline() const noexcept;
    void expire(clock::time_point now);

    poller poller_;
    bool is_stopped_ = false;
    inbox inbox_;
    std::optional<signal_handler> signals_;
    std::vector<owned_descriptor> listeners_;
    http_site& site_;
    transport_factory transports_;
    clock::time_point accepts_again_ = clock::time_point::max();
    std::uint64_t opened_ = 0;
    // Destroyed before the connections, so that no job outlives them.
    std::map<std::uint64_t, http_connection> peers_;
    http_jobs jobs_;
};

}  // namespace framewire
