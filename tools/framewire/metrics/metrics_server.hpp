#pragma once

#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "framewire/net/server.hpp"
#include "store/nats_forwarder.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace framewire {

/// What metrics show beyond what a server knows of itself.
struct metrics_source {
    std::size_t loops = 1;
    /// Called on any thread; may be empty.
    std::function<std::uint64_t()> log_lines_left_out{};
    /// The same; of a server that stores messages.
    std::function<store_statistics()> store{};
    /// The same; of one that forwards them.
    std::function<nats_statistics()> nats{};
};

/// Shows a server over HTTP, at an address of its own and on a thread of its own, for as long as
/// this exists.
class metrics_server {
public:
    /// Fails if it cannot listen there, or the system has no thread left. Requires: `shown`
    /// outlives this.
    [[nodiscard]] static result<metrics_server> start(const address& where, const server& shown,
                                                      metrics_source more);
    metrics_server(metrics_server&&) noexcept;
    metrics_server& operator=(metrics_server&&) = delete;
    ~metrics_server();

    [[nodiscard]] const endpoint& local() const noexcept;

private:
    struct implementation;
    explicit metrics_server(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

}  // namespace framewire
