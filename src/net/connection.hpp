#pragma once

#include "connection_plan.hpp"
#include "connection_state.hpp"
#include "deferred_times.hpp"
#include "event_loop.hpp"
#include "framewire/service/service.hpp"
#include "framewire/session/session.hpp"
#include "io/poller.hpp"
#include "io/sockets.hpp"
#include "io/timer_wheel.hpp"
#include "transport/proxy_header_reader.hpp"
#include "transport/transport.hpp"
#include "transport/transport_output.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace framewire {

/// A session with a socket and a service. Owned by its loop, which destroys it at the end of the
/// cycle in which it was closed.
class connection final : public connection_hook,
                         public soon_hook,
                         public memory_holder,
                         private timer,
                         private pollable,
                         public link_target {
public:
    /// `host` has been counted, see `event_loop::open`.
    connection(event_loop& loop, std::shared_ptr<connection_plan> plan, connected_socket socket,
               const address_key& host);

    /// Fails with `service.refused`, or with `io.failed` if the system cannot poll one more
    /// descriptor. Nobody is notified of the connection then.
    [[nodiscard]] tl::expected<void, refusal> start();
    // From here on nothing throws: what goes wrong ends this connection.

    /// Notifies observer and service, and sends what the service has to say first. Requires:
    /// started.
    void open() noexcept;
    /// Continues with input that was held back, or with what tasks of the loop have changed.
    void run_again() noexcept;
    /// Replies to what the peer has sent so far, then closes.
    void drain() noexcept;
    /// Closes at once; queued output is lost.
    void abort() noexcept;
    /// Does not read, or reads again, see `session::withhold`.
    void withhold(bool yes) noexcept;

    [[nodiscard]] const connection_plan& plan() const noexcept { return *plan_; }
    [[nodiscard]] const address_key& host() const noexcept { return host_; }
    /// When something was last received or sent, up to `silence_precision` later.
    [[nodiscard]] time_point active() const noexcept { return active_; }
    void note_active() noexcept;
    /// True if no frame is incomplete and nothing is owed.
    [[nodiscard]] bool is_at_rest() const noexcept;
    /// Closes at once, as others need its place. Requires: `is_at_rest()`.
    void evict() noexcept;
    /// Ends at once, as others began their handshakes later and there are too many. Requires: its
    /// transport is not established.
    void refuse_handshake() noexcept;
    /// The loop cannot wait any more: `io.failed`.
    void stop_waiting() noexcept;
    /// The same as `abort` at the end of a drain: `limit.drain`, if it was not finished.
    void cut_off() noexcept;
    /// Ends it with this error, whose offset is the caller's.
    void break_off(wire_error why) noexcept;
    /// Ends if what a handle wanted from it was lost, as memory was short.
    void check_link() noexcept;

    // For those who have a handle, and for the client whose connection this is.
    void answer(std::uint64_t slot, std::span<const bytes> payloads) noexcept override;
    void skip(std::uint64_t slot) noexcept override;
    void give_up(errc why, bytes words) noexcept override;
    void pull() noexcept override;
    void call(const std::function<void(outbox&)>& task) noexcept override;
    void finish() noexcept override;

    [[nodiscard]] bool has_output() const noexcept;
    /// The connection that lent its service this outbox.
    [[nodiscard]] static connection& of(outbox& lent) noexcept;
    /// Adds what it has and waits for.
    void add_to(loop_load& sum) const noexcept;

private:
    friend class loop_outbox;
    using state = connection_state;

    // The path of a byte.
    void cycle();
    void read();
    void answer();
    void end_long_cycle() noexcept;
    run_outcome deliver_run(const payload_run& run);
    void deliver(const piece& data, std::uint64_t offset);
    void serve(const event& found);
    void receive_wire(bytes data);
    void receive_wire_eof();
    void receive(bytes stream);
    void write();
    void note_sent(std::size_t size);
    void end_cycle();
    void charge() noexcept;

    // What its service and others say (connection_replies.cpp).
    tl::expected<void, errc> reply(bytes payload);
    tl::expected<void, errc> reply_idle(std::uint32_t field);
    std::size_t reply_run(const payload_run& payloads);
    std::size_t reply_times(bytes payload, std::size_t count);
    tl::expected<void, errc> begin(std::uint64_t announced);
    tl::expected<void, errc> append(bytes data);
    tl::expected<void, errc> end();
    tl::expected<void, errc> framed(tl::expected<void, errc> outcome);
    std::size_t framed(tl::expected<std::size_t, errc> outcome);
    void close_by_service();
    void shutdown_send() noexcept { shuts_down_ = true; }
    void use(const framing& frames, direction which);
    void notify_framing();
    [[nodiscard]] std::size_t queued() const noexcept { return session_.output().size(); }
    [[nodiscard]] bool full() noexcept;
    void pause() noexcept { session_.pause(); }
    void resume() noexcept { session_.resume(); }
    std::uint64_t open_slot(order keeps, std::size_t held_bytes);
    std::shared_ptr<peer_link> link();
    void take_pushed();
    void continue_service();

    // Through a transport (connection_transport.cpp).
    struct wire {
        wire(connection& of, std::unique_ptr<transport> over, time_point until);

        std::unique_ptr<transport> line;
        transport_output output;
        time_point due;                       // of the handshake, or of the end
        std::optional<wire_error> failure{};  // that follows what was received
        open_handshake handshake;
        time_point resumes = time_point::max();  // reading, as others had their turn
        bool admitted = false;                   // its handshake has cost time
        bool closes = false;                     // the end of our stream is in its output
    };
    struct prefix {
        proxy_header_reader header;
        time_point due = time_point::max();
    };
    struct pacing {
        std::shared_ptr<peer_rates> rates;
        std::uint64_t frames_before = 0;  // of the loop, before this cycle
        time_point until = time_point::max();
    };
    void receive_from_wire(bytes data);
    void receive_eof_of_wire();
    void receive_eof();
    [[nodiscard]] bool is_established() const noexcept { return is_established_; }
    [[nodiscard]] bool may_shake_hands() noexcept;
    void note_handshake() noexcept;
    void resume_handshake() noexcept;
    void begin_transport();
    void establish();
    void count_handshake() noexcept;
    void fail_over(wire_error error);
    void write_over();
    void write_to_wire();
    bool close_wire();
    void expire_wire(time_point now);

    // The header of a proxy (connection_prefix.cpp).
    [[nodiscard]] bool has_prefix() const noexcept;
    void begin_prefix();
    void announce();
    void receive_prefix(bytes data);
    [[nodiscard]] bool come_from(const endpoint& source);
    void fail_prefix(wire_error error);
    void expire_prefix(time_point now);

    // No more than its address may send (connection_pacing.cpp).
    void begin_pacing();
    [[nodiscard]] std::span<char> receivable();
    void limit_frames() noexcept;
    void spend_frames() noexcept;
    [[nodiscard]] std::uint64_t frames_so_far() const noexcept;
    void pace() noexcept;
    void end_pause() noexcept;

    // When a cycle runs (connection_waiting.cpp).
    template <class Act>
    void guarded(Act act) noexcept;
    void fail_as_thrown() noexcept;
    [[nodiscard]] static std::string words_if_possible(bytes words) noexcept;
    bool make_service();
    void measure();
    void greet();
    void run_cycle_soon() noexcept;
    void ready(interest found) noexcept override;
    void wait();
    void wait_for(interest in);
    void notice_end();
    time_point on_timer(time_point now) noexcept override;
    void check_deadline(time_point now);
    void relieve_memory() noexcept;

    // How it ends (connection_closing.cpp).
    void close(close_reason::kind why) noexcept;
    void fail(wire_error error) noexcept;
    void close_after(errc error) noexcept;
    void stop_service();
    void end_sending();
    void shut_down();
    void discard() noexcept;
    void enter(connection_event what) noexcept;
    void stop_serving() noexcept;
    void notify_closed() noexcept;
    void notify_refused(const close_reason& why) noexcept;
    void release() noexcept;

    [[nodiscard]] framewire::observer* observer() const noexcept { return plan_->observer; }
    void notify(const occurrence& what) noexcept { plan_->notify(peer_, what, loop_.counters()); }
    [[nodiscard]] bool owes() const noexcept;
    [[nodiscard]] time_point deadline() const noexcept;
    [[nodiscard]] bool can_take_pushed() const noexcept;

    event_loop& loop_;
    std::shared_ptr<connection_plan> plan_;
    owned_descriptor socket_;
    session session_;
    peer peer_;
    address_key host_;
    time_point active_;
    const time_point opened_;
    connection_traffic passed_;
    std::unique_ptr<prefix> prefix_;                  // null once it has been read
    std::unique_ptr<wire> wire_;                      // null if plain
    std::unique_ptr<service> service_;                // accepted: null until established
    std::shared_ptr<peer_link> link_;                 // null until it is asked for
    std::unique_ptr<deferred_times> deferred_since_;  // null unless measured
    std::unique_ptr<pacing> pacing_;                  // null if it may send as much as it wants
    const bool observes_traffic_;
    bool is_served_singly_;  // runs are for those whose messages need not be seen or counted
    state state_ = state::open;
    close_reason::kind why_ = close_reason::kind::by_peer;
    bool is_established_ = false;  // service and observer have been notified
    bool is_probe_ = false;        // a proxy's own, so far
    bool is_paused_ = false;       // its address has sent too much
    bool is_withheld_ = false;     // memory is short
    bool is_widened_ = false;      // its receive window
    bool readable_ = false;        // input may be available
    bool is_busy_ = false;         // its last cycle was long: others come first
    bool was_full_ = false;        // and the service, which knows, waits to continue
    bool has_changed_framing_ = false;
    bool has_pushed_ = false;      // messages may wait in `link_`
    bool service_closes_ = false;  // it said so when it was to stop
    bool shuts_down_ = false;      // our stream ends once nothing is owed
    std::size_t frames_left_ = 0;  // of this cycle
    bool is_polled_ = false;
    interest waits_for_;  // as set in the poller
    std::size_t discarded_ = 0;
    time_point linger_until_ = time_point::max();
};

// An exception of a service, or a failed allocation, ends this connection and no other.
template <class Act>
void connection::guarded(Act act) noexcept {
    try {
        act();
    } catch (...) {
        fail_as_thrown();
    }
}

}  // namespace framewire
