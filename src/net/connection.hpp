#pragma once

#include "connection_state.hpp"
#include "event_loop.hpp"
#include "framewire/service/service.hpp"
#include "framewire/session/session.hpp"
#include "io/poller.hpp"
#include "io/sockets.hpp"
#include "io/timer_wheel.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace framewire {

/// A session with a socket and a service. Owned by its loop, which destroys it at the end of the
/// cycle in which it was closed.
// The outbox is the first base, as calls through the first base cost least.
class connection final : private outbox,
                         public connection_hook,
                         public soon_hook,
                         private timer,
                         private pollable {
public:
    connection(event_loop& loop, std::shared_ptr<connection_plan> plan, owned_descriptor socket);

    /// False if the system cannot poll one more descriptor; the observer is not notified of the
    /// connection then.
    [[nodiscard]] bool start();
    /// Continues with input that was held back.
    void run_again();
    /// Replies to what the peer has sent so far, then closes.
    void drain();
    /// Closes at once; queued output is lost.
    void abort();

private:
    using state = connection_state;

    // The path of a byte.
    void cycle();
    void read();
    void answer();
    run_outcome deliver_run(const payload_run& run);
    void deliver(const piece& data, std::uint64_t offset);
    void serve(const event& found);
    void write();

    // When a cycle runs (connection_waiting.cpp).
    void run_cycle();
    void run_cycle_soon();
    void ready(interest found) override;
    void wait();
    void wait_for(interest in);
    time_point on_timer(time_point now) override;

    // How it ends (connection_closing.cpp).
    void close(close_reason::kind why);
    void fail(wire_error error);
    void close_after(errc error);
    void shut_down();
    void discard();
    void enter(connection_event what);
    void notify_closed();
    void release();

    // The outbox of the service.
    tl::expected<void, errc> reply(bytes payload) override;
    std::size_t reply_run(const payload_run& payloads) override;
    std::size_t reply_times(bytes payload, std::size_t count) override;
    tl::expected<void, errc> begin(std::uint64_t announced) override;
    tl::expected<void, errc> append(bytes data) override;
    tl::expected<void, errc> end() override;
    void close() override { close(close_reason::kind::by_service); }
    [[nodiscard]] bool full() const noexcept override { return session_.full(); }
    void pause() override { session_.pause(); }
    void resume() override { session_.resume(); }
    std::uint64_t open_slot(order /*keeps*/, std::size_t /*held_bytes*/) override { return 0; }
    std::shared_ptr<peer_link> link() override { return nullptr; }
    tl::expected<void, errc> framed(tl::expected<void, errc> outcome);

    [[nodiscard]] framewire::observer* observer() const noexcept { return plan_->observer; }

    event_loop& loop_;
    std::shared_ptr<connection_plan> plan_;
    owned_descriptor socket_;
    std::unique_ptr<service> service_;
    session session_;
    peer peer_;
    const bool observes_traffic_;
    state state_ = state::open;
    close_reason::kind why_ = close_reason::kind::by_peer;
    bool readable_ = false;        // input may be available
    std::size_t frames_left_ = 0;  // of this cycle
    interest waits_for_;           // as set in the poller
    std::size_t discarded_ = 0;
    time_point linger_until_ = time_point::max();
};

}  // namespace framewire
