#pragma once

#include "connection_plan.hpp"
#include "event_loop.hpp"
#include "framewire/net/client.hpp"
#include "io/timer_wheel.hpp"
#include "kept_payloads.hpp"
#include "request_table.hpp"

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace framewire {

class connection;

// Where memory is short, an error has no words of its own.
[[nodiscard]] wire_error error_with(errc code, const char* words) noexcept;
[[nodiscard]] wire_error copy_of(const wire_error& one) noexcept;

/// What a client does on the thread of its loop: its requests, its connection, and the next one
/// after that. Everything but `usable` and `peer` belongs to that thread.
class client_core final : private timer {
public:
    client_core(event_loop& loop, address where, const framing& frames, client_settings settings);
    client_core(const client_core&) = delete;
    client_core& operator=(const client_core&) = delete;
    ~client_core() override;

    /// What its connections are over. Requires: none has been opened.
    void speak_through(transport_factory make) { plan_->make_transport = std::move(make); }
    /// Takes over a connected socket. False if the system cannot poll one more descriptor.
    [[nodiscard]] bool open(owned_descriptor socket) noexcept;
    /// Sends a request, now or when there is a connection, and calls `then`, maybe at once.
    /// Without `expects_reply` it is called when the system has accepted all of the frame.
    void ask(bytes payload, bool expects_reply, time_point deadline, reply_callback then);
    /// Calls `then` with the next payload that answers nothing.
    void receive(time_point deadline, reply_callback then);
    void shutdown_send();
    /// Ends everything: whatever waits fails with `io.closed`.
    void close();
    /// Ends the `ask` of what has been written meanwhile.
    void notify_written();

    /// True once the first connection is established, or has failed.
    [[nodiscard]] bool is_settled() const noexcept { return is_settled_; }
    /// Why the first connection was never established, or null.
    [[nodiscard]] const wire_error* refused() const noexcept {
        return refused_ ? &*refused_ : nullptr;
    }

    [[nodiscard]] bool usable() const noexcept { return usable_; }
    [[nodiscard]] framewire::peer peer() const;

private:
    friend class client_service;

    struct receiver {
        time_point deadline;
        reply_callback then;
    };

    // Sending.
    bool transmit(bytes payload, bool expects_reply, request_table::request& one);

    // What a connection reports (client_reception.cpp).
    void opened(const framewire::peer& who);
    void received(bytes payload, outbox& replies);
    void skipped(std::uint64_t size, outbox& replies);
    void peer_ended();
    void left(const close_reason& why) noexcept;
    void keep(wire_result<std::string> one, outbox& replies);

    // Getting a connection (client_connecting.cpp).
    [[nodiscard]] bool connects_again() const noexcept;
    void send_waiting();
    void reconnect_later(const wire_error& lost) noexcept;
    void reconnect() noexcept;
    void connected(result<owned_descriptor> socket) noexcept;

    void end(wire_error why) noexcept;
    time_point on_timer(time_point now) override;
    [[nodiscard]] time_point next_deadline() const noexcept;
    void arm();
    void call(reply_callback& then, wire_result<std::string> outcome) noexcept;
    wire_error thrown() noexcept;
    void fail(std::vector<reply_callback> all, const wire_error& why) noexcept;
    void fail_others(const wire_error& why) noexcept;

    event_loop& loop_;
    const address where_;
    const client_settings settings_;
    const std::shared_ptr<connection_plan> plan_;
    request_table requests_;
    std::vector<reply_callback> unwritten_;  // what was queued and has no reply
    std::list<receiver> receivers_;
    kept_payloads kept_;
    bool paused_ = false;  // until some of them are taken

    connection* connection_ = nullptr;
    bool has_left_ = false;  // the connection that was opened last
    bool is_settled_ = false;
    std::optional<wire_error> refused_;
    bool closing_ = false;
    bool sending_ended_ = false;
    std::optional<wire_error> lost_;  // why the connection is ending
    std::optional<wire_error> over_;  // why there will be no other
    unsigned attempts_ = 0;           // to connect, since a connection has brought something
    time_point reconnect_at_ = time_point::max();
    std::minstd_rand random_;

    std::atomic<bool> usable_{true};
    mutable std::mutex peer_mutex_;
    framewire::peer peer_;
};

}  // namespace framewire
