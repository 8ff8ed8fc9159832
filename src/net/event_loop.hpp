#pragma once

#include "framewire/core/time.hpp"
#include "framewire/net/server.hpp"
#include "framewire/session/session.hpp"
#include "io/poller.hpp"
#include "io/sockets.hpp"
#include "io/timer_wheel.hpp"

#include <array>
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace framewire {

class connection;

// The size of one read. Payloads that do not fit are copied together from several reads; a larger
// buffer would leave the second-level cache before its data is sent again.
inline constexpr std::size_t receive_bytes = 256 * KiB;

/// Shared by all loops of a server. Only the counters change, and only when connections open or
/// close.
struct server_plan {
    server_plan(const framing& framing, service_factory make, const server_settings& settings)
        : rules(std::make_shared<const session_rules>(session_rules{framing, settings.limits})),
          make_service(std::move(make)),
          connections_max(settings.connections_max),
          drain(settings.drain),
          observer(settings.observer) {}

    std::shared_ptr<const session_rules> rules;
    service_factory make_service;
    std::size_t connections_max;
    std::chrono::milliseconds drain;
    framewire::observer* observer;
    // Written when connections open and close; the members above are read with every message.
    alignas(64) std::atomic<std::size_t> open{0};
    std::atomic<std::uint64_t> next_id{1};
    /// Loops that still have connections; the last one to finish lets all of them end.
    std::atomic<std::size_t> loops_running{0};
    std::function<void()> all_finished;
};

/// Counters that one thread writes and any may read.
struct loop_counters {
    using counter = std::atomic<std::uint64_t>;

    counter accepted{0};
    counter frames{0};
    counter skipped{0};
    counter bytes_received{0};
    counter bytes_sent{0};
    std::array<counter, errc_count + 1> failures{};

    // Load and store suffice, as there is only one writer.
    static void add(counter& to, std::uint64_t count) noexcept {
        to.store(to.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
    }
    void failed(errc code) noexcept { add(failures.at(static_cast<std::size_t>(code)), 1); }
};

template <class Tag>
using loop_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
using connection_hook = loop_hook<class open_connections>;
using soon_hook = loop_hook<class soon_connections>;

/// One thread's connections: accepts them, lends them its buffers, and destroys them. All
/// functions belong to the thread of `run`, except `stop`, `finish` and reading the counters.
class event_loop {
public:
    /// Takes over the listening socket.
    event_loop(server_plan& plan, int listener);
    ~event_loop();

    /// Runs until `finish`.
    void run();
    /// The first call drains, the second aborts all connections. Thread-safe.
    void stop();
    /// Ends `run`. Thread-safe.
    void finish();

    [[nodiscard]] server_plan& plan() noexcept { return plan_; }
    [[nodiscard]] loop_counters& counters() noexcept { return counters_; }
    [[nodiscard]] timer_wheel& timers() noexcept { return timers_; }
    [[nodiscard]] poller& waiting() noexcept { return poller_; }
    /// When the loop last woke up.
    [[nodiscard]] time_point now() const noexcept { return now_; }
    [[nodiscard]] int listening_descriptor() const noexcept { return listener_.get(); }
    /// Resumes the connection in the next cycle, which then does not wait.
    void run_soon(connection& one) noexcept;
    /// Takes a closed connection out of service; it is destroyed at the end of the cycle, when
    /// none of its functions runs. After the last one, a draining loop ends.
    void retire(connection& one) noexcept;

    /// Lent to one connection at a time, for one cycle: idle connections own no buffer.
    [[nodiscard]] std::array<char, receive_bytes>& receive_buffer() noexcept {
        return receive_buffer_;
    }
    [[nodiscard]] std::string& spare_output() noexcept { return spare_output_; }

private:
    template <class Hook>
    using list_by = boost::intrusive::list<connection, boost::intrusive::base_hook<Hook>,
                                           boost::intrusive::constant_time_size<false>>;

    struct listening final : pollable {
        explicit listening(event_loop& of) : loop(of) {}
        void ready(interest /*found*/) override { loop.accept_some(); }
        event_loop& loop;
    };
    struct waking final : pollable {
        explicit waking(event_loop& of) : loop(of) {}
        void ready(interest /*found*/) override { loop.on_wakeup(); }
        event_loop& loop;
    };

    [[nodiscard]] std::chrono::nanoseconds poll_timeout() const;
    void run_due();
    void wake();
    void on_wakeup();
    void accept_some();
    bool accept_one();
    void open(int descriptor);
    void pause_accepting(int why);
    void resume_accepting();
    void refuse(errc why);
    void drain();
    void abort();
    void end_if_drained();
    void free_retired();
    void for_each_connection(void (connection::*action)());

    server_plan& plan_;
    poller poller_;
    listening listening_{*this};
    waking waking_{*this};
    owned_descriptor listener_;
    owned_descriptor wake_;  // an eventfd
    std::atomic<int> stops_asked_{0};
    std::atomic<bool> finish_asked_{false};
    int stops_done_ = 0;
    time_point now_ = std::chrono::steady_clock::now();
    time_point accept_again_ = time_point::max();
    time_point drain_until_ = time_point::max();
    timer_wheel timers_;
    list_by<soon_hook> soon_;
    list_by<connection_hook> connections_;
    list_by<connection_hook> retired_;
    loop_counters counters_;
    bool draining_ = false;
    bool finished_ = false;
    std::string spare_output_;
    std::array<char, receive_bytes> receive_buffer_{};
};

}  // namespace framewire
