#pragma once

#include "address_table.hpp"
#include "admission_rules.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/service/service.hpp"
#include "framewire/session/session.hpp"
#include "framewire/transport/proxy_announcement.hpp"
#include "loop_counters.hpp"
#include "memory_budget.hpp"
#include "transport/transport.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <utility>

namespace framewire {

/// Who opened a connection. The end that connected decides when it is over, so it closes without
/// waiting for the peer.
enum class connection_role : std::uint8_t { accepted, connected };

/// What the connections of one server, or of one client, share. Only the counters change, when
/// connections open or close, and the limits, for those that open later.
struct connection_plan {
    connection_plan(const framing& frames, const limits& bounds, service_factory make,
                    framewire::observer* notified = nullptr,
                    connection_role kind = connection_role::accepted,
                    std::size_t open_max = std::numeric_limits<std::size_t>::max(),
                    std::size_t per_address_max = std::numeric_limits<std::size_t>::max(),
                    std::shared_ptr<memory_budget> budget = std::make_shared<memory_budget>())
        : make_service(std::move(make)),
          observer(notified),
          role(kind),
          connections_max(open_max),
          memory(std::move(budget)),
          addresses(per_address_max),
          rules_(std::make_shared<const session_rules>(
              kind == connection_role::connected ? frames.reversed() : frames, bounds,
              kind == connection_role::connected)) {}

    /// Those of a connection that opens now. Thread-safe.
    [[nodiscard]] std::shared_ptr<const session_rules> rules() const noexcept {
        const std::lock_guard lock(rules_mutex_);
        return rules_;
    }
    /// Of an end that accepted: reads like the end that connected. Requires: none is open.
    void read_while_full() {
        const auto old = rules();
        rules_ = std::make_shared<const session_rules>(old->frames, old->sends, old->bounds, true);
    }
    /// Replaces their limits. Thread-safe, but for other calls of it.
    void change(const limits& bounds) {
        const auto old = rules();
        auto next = std::make_shared<const session_rules>(old->frames, old->sends, bounds,
                                                          old->reads_while_full);
        const std::lock_guard lock(rules_mutex_);
        rules_.swap(next);
    }

    /// Notifies the observer, if there is one. What it throws costs this notification.
    void notify(const peer& who, const occurrence& what, loop_counters& counters) const noexcept {
        if (observer == nullptr) return;
        try {
            observer->on(who, what);
        } catch (...) {
            loop_counters::add(counters.unobserved, 1);
        }
    }

    service_factory make_service;
    std::optional<proxy_announcement> announces{};
    std::unique_ptr<admission_rules> admission{};  // null: everybody
    transport_factory make_transport{};            // null: connections are plain
    // Of transports that are not established, see `tls_server_settings`.
    std::size_t handshakes_max = std::numeric_limits<std::size_t>::max();
    std::uint64_t handshakes_per_second_max = 0;
    framewire::observer* observer;
    connection_role role;
    std::atomic<std::size_t> connections_max;
    bool measures = false;  // see `server_settings`
    std::shared_ptr<memory_budget> memory;
    // Written when connections open and close; the members above are read with every message.
    alignas(64) std::atomic<std::size_t> open{0};
    std::atomic<std::size_t> handshakes{0};
    std::atomic<std::uint64_t> next_id{1};
    address_table addresses;

private:
    mutable std::mutex rules_mutex_;
    std::shared_ptr<const session_rules> rules_;
};

}  // namespace framewire
