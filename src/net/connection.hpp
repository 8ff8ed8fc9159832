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

/// A session with a socket and a service. Belongs to its loop, which destroys it at the end of the
/// round in which it was closed.
// The outbox comes first, as a call of a first base costs less.
class connection final : private outbox,
                         public connection_hook,
                         public soon_hook,
                         private timer,
                         private pollable {
public:
    connection(event_loop& loop, owned_descriptor socket);

    /// False if the system cannot watch one more descriptor; its observer knows nothing of the
    /// connection then.
    [[nodiscard]] bool start();
    /// Continues with input that was held back.
    void resume();
    /// Finishes what the peer has sent so far, then closes.
    void drain();
    /// Closes at once; what is queued is lost.
    void abort();

private:
    using state = connection_state;

    // The way of a byte.
    void cycle();
    void read();
    void answer();
    void deliver(const piece& part, std::uint64_t offset);
    void serve(const event& found);
    void write();

    // When it gets a turn (connection_waiting.cpp).
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

    // What the service may do.
    tl::expected<void, errc> reply(bytes payload) override;
    tl::expected<void, errc> begin(std::uint64_t announced) override;
    tl::expected<void, errc> append(bytes part) override;
    tl::expected<void, errc> end() override;
    void close() override { close(close_reason::kind::by_service); }
    tl::expected<void, errc> framed(tl::expected<void, errc> outcome);

    [[nodiscard]] framewire::observer* observer() const noexcept { return loop_.plan().observer; }

    event_loop& loop_;
    owned_descriptor socket_;
    std::unique_ptr<service> service_;
    session session_;
    peer peer_;
    const bool observes_traffic_;
    state state_ = state::open;
    close_reason::kind why_ = close_reason::kind::by_peer;
    bool readable_ = false;  // there may be something to read
    interest waits_for_;     // as the poller knows it
    std::size_t discarded_ = 0;
    time_point linger_until_ = time_point::max();
};

}  // namespace framewire
