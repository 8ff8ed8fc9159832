#pragma once

#include "connection_plan.hpp"
#include "connector.hpp"
#include "framewire/core/time.hpp"
#include "io/inbox.hpp"
#include "io/poller.hpp"
#include "io/sockets.hpp"
#include "io/timer_wheel.hpp"
#include "loop_counters.hpp"
#include "loop_handshakes.hpp"
#include "loop_outbox.hpp"
#include "memory_holders.hpp"
#include "memory_reserve.hpp"

#include <array>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

class connection;
struct loop_load;

/// Why a loop did not take a connection: an `errno` says more, unless it is 0.
struct refusal {
    errc why{};
    int error = 0;
};

// The size of one read. Payloads that do not fit are copied together from several reads; a larger
// buffer would leave the second-level cache before its data is sent again.
inline constexpr std::size_t receive_bytes = 256 * KiB;

template <class Tag>
using loop_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
// How exactly a loop knows which connection has been silent longest.
inline constexpr std::chrono::milliseconds silence_precision{100};

using connection_hook = loop_hook<class open_connections>;
using soon_hook = loop_hook<class soon_connections>;

/// One thread's connections, accepted and connected ones: waits for them, lends them its buffers,
/// and destroys them. All functions belong to the thread of `run`, except `post`, `finish` and
/// reading the counters.
class event_loop {
public:
    /// Throws `std::system_error` if the system has no more descriptors.
    event_loop();
    event_loop(const event_loop&) = delete;
    event_loop& operator=(const event_loop&) = delete;
    ~event_loop();

    /// The loop that lent a service this outbox. Requires: the outbox is that of a connection.
    [[nodiscard]] static event_loop& of(outbox& lent) noexcept;

    /// Runs until `finish`, or until the loop is `broken`. What is thrown on the way is counted
    /// (`failures`), and ends nothing but the connection that it belongs to.
    void run() noexcept;
    /// One round of `run`: waits until something happens, and does it.
    void run_once() noexcept;
    /// Calls `task` between two rounds, and then runs the connections that it has changed, as a
    /// round would, but without waiting.
    void run_here(const std::function<void()>& task);
    /// Ends `run`. Thread-safe.
    void finish() noexcept;
    /// Calls `task` on the loop's thread, see `inbox::post`. Thread-safe.
    void post(inbox::task task) { inbox_->post(std::move(task)); }
    /// The same for one that needs no memory, see `inbox::post_urgent`. Thread-safe.
    void post_urgent(inbox::task task) noexcept { inbox_->post_urgent(std::move(task)); }
    /// The same, for those who may outlive the loop.
    [[nodiscard]] const std::shared_ptr<framewire::executor>& executor() const noexcept {
        return executor_;
    }

    /// Takes over a connected socket that does not block: a connection of that plan, which the
    /// loop owns. Fails with `limit.connections` or `limit.address` if no other makes room, with
    /// `service.refused`, with `limit.memory`, or with `io.failed` if the system cannot poll one
    /// more descriptor or the service factory throws; the observer is not notified then.
    tl::expected<connection*, refusal> open(const std::shared_ptr<connection_plan>& plan,
                                            connected_socket socket) noexcept;
    /// Counts a connection whose host was not known when it was opened. Returns why that host may
    /// not have one more, if no other makes room.
    std::optional<errc> count_host(connection_plan& plan, const address_key& host) noexcept;
    /// Connects, see `connector`. Ends with the loop, without a call.
    void connect(address where, std::vector<socket_address> candidates,
                 std::chrono::milliseconds timeout, connector::callback then);
    /// Drains every connection, also those that open later, and cuts off the remaining ones after
    /// `at_most`. Calls `then` as soon as none is open, and none will come from a source.
    /// Requires: not called before.
    void drain(std::chrono::milliseconds at_most, std::function<void()> then);
    /// Calls `then` as soon as no connection is open, and none will come from a source. A later
    /// `drain` replaces it.
    void when_empty(std::function<void()> then);
    /// Aborts all connections; while the loop drains, it cuts them off.
    void abort() noexcept;
    /// A source may still open connections, and says when it will not any more.
    void add_source() noexcept { ++sources_; }
    void remove_source() noexcept;

    /// An `errno` if the system cannot wait for descriptors any more, else 0. Then all connections
    /// have failed with `io.failed`.
    [[nodiscard]] int broken() const noexcept { return poller_.broken(); }

    /// Calls `act`, and only counts what it throws.
    template <class Act>
    void survive(Act act) noexcept;
    /// Memory is short: what ends connections, and who asks for little, uses the reserve.
    void release_reserve() noexcept { reserve_.release(); }
    /// False while memory is still short: nobody else should be accepted.
    [[nodiscard]] bool regain_reserve() noexcept { return reserve_.hold(); }

    /// Measures its cycles from now on (`loop_counters::loop_time`).
    void measure() noexcept { measures_ = true; }
    /// Adds what its connections have and wait for.
    void add_to(loop_load& sum) const noexcept;
    [[nodiscard]] loop_counters& counters() noexcept { return counters_; }
    [[nodiscard]] timer_wheel& timers() noexcept { return timers_; }
    [[nodiscard]] poller& waiting() noexcept { return poller_; }
    [[nodiscard]] memory_holders& holders() noexcept { return holders_; }
    [[nodiscard]] loop_handshakes& handshakes() noexcept { return handshakes_; }
    /// The connection is the last that received or sent something.
    void move_back(connection& one) noexcept;
    /// When the loop last woke up.
    [[nodiscard]] time_point now() const noexcept { return now_; }
    /// Resumes the connection in the next cycle, which then does not wait. One that has much to do
    /// waits for those that have little.
    void run_soon(connection& one, bool has_much) noexcept;
    /// Counts tiny frames of a cycle that had many of them; false if all connections together have
    /// sent too many, see `limits::tiny_frames_per_second_max`.
    [[nodiscard]] bool admits_tiny(std::uint64_t count, std::uint64_t per_second) noexcept;
    /// Takes a closed connection out of service; it is destroyed at the end of the cycle, when
    /// none of its functions runs. After the last one, a draining loop is done.
    void retire(connection& one) noexcept;

    /// Lent to one connection at a time, for one cycle: idle connections own no buffer.
    [[nodiscard]] std::array<char, receive_bytes>& receive_buffer() noexcept {
        return receive_buffer_;
    }
    [[nodiscard]] std::string& spare_output() noexcept { return spare_output_; }
    /// For what a transport makes of the receive buffer.
    [[nodiscard]] std::string& stream_buffer() noexcept { return stream_buffer_; }
    /// The outbox of the connection that is being served.
    [[nodiscard]] loop_outbox& replies() noexcept { return replies_; }

private:
    template <class Hook>
    using list_by = boost::intrusive::list<connection, boost::intrusive::base_hook<Hook>,
                                           boost::intrusive::constant_time_size<false>>;

    tl::expected<address_key, refusal> admit(connection_plan& plan,
                                             const socket_address& from) noexcept;
    bool evict_silent(const connection_plan& plan, const address_key* host) noexcept;
    tl::expected<std::unique_ptr<connection>, refusal> make_connection(
        const std::shared_ptr<connection_plan>& plan, connected_socket socket,
        const address_key& host) noexcept;
    void count_thrown() noexcept;
    [[nodiscard]] std::chrono::nanoseconds poll_timeout() const;
    void run_due() noexcept;
    void run_changed() noexcept;
    void run_busy() noexcept;
    void end_if_drained() noexcept;
    void give_up() noexcept;
    void free_retired();
    void free_connectors();
    void for_each_connection(void (connection::*action)() noexcept) noexcept;

    poller poller_;
    std::shared_ptr<inbox> inbox_;
    std::shared_ptr<framewire::executor> executor_;
    bool finished_ = false;
    bool measures_ = false;
    time_point now_ = std::chrono::steady_clock::now();
    time_point drain_until_ = time_point::max();
    bool draining_ = false;
    std::size_t sources_ = 0;
    std::function<void()> drained_;  // null once it has been called
    timer_wheel timers_;
    memory_holders holders_{timers_};
    loop_handshakes handshakes_;
    std::vector<std::unique_ptr<connector>> connectors_;
    list_by<soon_hook> soon_;
    list_by<soon_hook> busy_;           // in turn
    std::optional<frame_budget> tiny_;  // of all connections
    list_by<connection_hook> connections_;
    list_by<connection_hook> retired_;
    loop_counters counters_;
    loop_outbox replies_{*this};
    memory_reserve reserve_;
    std::string spare_output_;
    std::string stream_buffer_;
    std::array<char, receive_bytes> receive_buffer_{};
};

template <class Act>
void event_loop::survive(Act act) noexcept {
    try {
        act();
    } catch (...) {
        count_thrown();
    }
}

}  // namespace framewire
