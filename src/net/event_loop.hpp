#pragma once

#include "deadlines.hpp"
#include "framewire/net/server.hpp"
#include "sockets.hpp"

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace framewire {

class connection;

/// What all loops of a server share. Only the counters change, and only when connections come and
/// go.
struct server_plan {
    server_plan(const framing& framing, service_factory make, server_settings set)
        : frames(framing), make_service(std::move(make)), settings(set) {}

    framing frames;
    service_factory make_service;
    server_settings settings;
    std::atomic<std::size_t> open{0};
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

    // A plain addition: without a second writer there is nothing to lock.
    static void add(counter& to, std::uint64_t count) noexcept {
        to.store(to.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
    }
    void failed(errc code) noexcept { add(failures.at(static_cast<std::size_t>(code)), 1); }
};

using connection_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<class connection>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// One thread's connections: accepts them, lends them its buffers, and ends them. Everything
/// happens on the thread that runs it, but for `stop` and the counters.
class event_loop {
public:
    /// Takes over the listening socket.
    event_loop(server_plan& plan, int listener);
    ~event_loop();

    /// Until `server_plan::all_finished`.
    void run() { io_.run(); }
    /// First drains, then ends at once. Thread-safe.
    void stop();

    [[nodiscard]] server_plan& plan() noexcept { return plan_; }
    [[nodiscard]] loop_counters& counters() noexcept { return counters_; }
    [[nodiscard]] deadlines& wheel() noexcept { return deadlines_; }
    [[nodiscard]] asio::io_context& io() noexcept { return io_; }
    [[nodiscard]] int listening_descriptor() { return listener_.native_handle(); }
    /// A connection has left the list; after the last one a draining loop ends.
    void connection_closed();

    /// Lent to one connection at a time, for the length of a turn: idle connections own none.
    [[nodiscard]] std::array<char, 64 * KiB>& receive_buffer() noexcept { return receive_buffer_; }
    [[nodiscard]] std::string& spare_output() noexcept { return spare_output_; }

private:
    using connections =
        boost::intrusive::list<connection, boost::intrusive::base_hook<connection_hook>,
                               boost::intrusive::constant_time_size<false>>;

    void wait_for_connections();
    void accept_some();
    bool accept_one();
    void open(int descriptor);
    void pause_accepting(int why);
    void refuse(errc why);
    void drain();
    void abort();
    void for_each_connection(void (connection::*action)());

    server_plan& plan_;
    asio::io_context io_{1};
    asio::posix::stream_descriptor listener_;
    asio::steady_timer accept_pause_;
    asio::steady_timer drain_deadline_;
    deadlines deadlines_;
    connections connections_;
    loop_counters counters_;
    bool draining_ = false;
    bool finished_ = false;
    std::string spare_output_;
    std::array<char, 64 * KiB> receive_buffer_{};
};

}  // namespace framewire
