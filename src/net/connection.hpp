#pragma once

#include "event_loop.hpp"
#include "framewire/service/service.hpp"
#include "framewire/session/session.hpp"
#include "io/deadlines.hpp"
#include "io/poller.hpp"
#include "io/sockets.hpp"

#include <cstddef>
#include <memory>

namespace framewire {

/// A session with a socket and a service. Belongs to its loop, which destroys it at the end of the
/// round in which it was released.
// The outbox comes first, as a call of a first base costs less.
class connection final : private outbox,
                         public connection_hook,
                         public turn_hook,
                         private timed,
                         private pollable {
public:
    connection(event_loop& loop, owned_descriptor socket);

    /// False if the system cannot watch one more descriptor; the connection is over then, and
    /// nobody has been told of it.
    [[nodiscard]] bool start();
    /// Goes on with input that was held back.
    void go_on();
    /// Finishes what the peer has sent so far, then parts from it.
    void drain();
    /// Ends it at once; what is queued is lost.
    void abort();

private:
    enum class state : std::uint8_t {
        open,       ///< reading and answering
        closing,    ///< nothing more is answered; what is queued is still sent
        lingering,  ///< our end is closed; what the peer still sends is thrown away
        released,
    };

    // The way of a byte.
    void turn();
    void read();
    void answer();
    void deliver(const piece& part, std::uint64_t offset);
    void write();
    void borrow();
    void give_back();
    void wait();

    // Events, and how it ends (connection_ending.cpp).
    void serve(const event& said);
    void part(close_reason::kind why);
    void part_with(wire_error error);
    void finish();
    void throw_away();
    void tell_closed();
    void release();

    void take_turn();
    void take_turn_soon();
    void ready(interest found) override;
    void wait_for(interest in);
    time_point look(time_point now) override;
    [[nodiscard]] observer* watch() const noexcept { return loop_.plan().watch; }

    // What the service may do.
    tl::expected<void, errc> reply(bytes payload) override;
    tl::expected<void, errc> begin(std::uint64_t announced) override;
    tl::expected<void, errc> append(bytes part) override;
    tl::expected<void, errc> end() override;
    void close() override { part(close_reason::kind::by_service); }
    tl::expected<void, errc> framed(tl::expected<void, errc> outcome) {
        if (!outcome) refuse_reply(outcome.error());
        return outcome;
    }
    void refuse_reply(errc why);

    event_loop& loop_;
    owned_descriptor socket_;
    std::unique_ptr<service> service_;
    session session_;
    peer peer_;
    const bool watches_traffic_;
    close_reason close_reason_;
    std::unique_ptr<wire_error> error_;
    state state_ = state::open;
    bool readable_ = false;  // there may be something to read
    bool draining_ = false;
    bool borrows_ = false;  // the loop's buffer, for this turn
    interest waits_for_;    // as the poller knows it
    bool told_closed_ = false;
    std::size_t thrown_away_ = 0;
    time_point linger_until_ = time_point::max();
};

}  // namespace framewire
