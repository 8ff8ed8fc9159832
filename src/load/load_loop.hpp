#pragma once

#include "io/poller.hpp"
#include "io/sockets.hpp"
#include "load_connection.hpp"
#include "load_plan.hpp"
#include "load_result.hpp"
#include "schedule.hpp"
#include "start_gate.hpp"
#include "workload.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// What the threads of a run share.
struct load_common {
    const load_plan& plan;
    const workload& work;
    const std::vector<socket_address>& endpoints;
    start_gate gate;
    std::atomic<bool> stop{false};     // send no more, but wait for replies
    std::atomic<bool> abandon{false};  // do not wait for replies, either
    std::mutex mutex{};
    std::optional<failure> why{};  // why the run cannot begin
    std::atomic<bool> replied{false};
    std::atomic<std::uint64_t> hopeful{0};  // connections that have sent, and not failed since
    std::uint64_t fruitless = 0;            // that have sent and failed, before `replied`
    std::optional<wire_error> hopeless{};

    void fail(failure why_not);
    /// A connection that had sent something failed. Ends the run if several have, no other still
    /// waits, and none got a reply.
    void note_fruitless(const wire_error& error);
};

/// Figures that a loop publishes while it runs.
struct load_figures {
    std::uint64_t messages = 0;
    std::uint64_t faults = 0;
    std::uint64_t open = 0;
    /// Of the recorded time.
    std::chrono::nanoseconds elapsed{};
    /// The latest whole second.
    load_slice latest{};
};

/// One thread of a run, with its connections and its poller.
class load_loop {
public:
    /// For the `count` connections of the run from number `first` on.
    load_loop(load_common& common, std::uint64_t first, std::uint64_t count);

    /// Opens the connections, waits for the other loops, then sends and receives until the run
    /// ends.
    void run();
    /// Requires: `run` has returned.
    [[nodiscard]] const load_result& result() const noexcept { return result_; }
    /// May be called on any thread.
    [[nodiscard]] load_figures figures() const;

    // For its connections:

    [[nodiscard]] load_common& common() noexcept { return common_; }
    [[nodiscard]] class poller& poller() noexcept { return poller_; }
    [[nodiscard]] std::string& receive_buffer() noexcept { return input_; }
    /// What a transport has made of the receive buffer.
    [[nodiscard]] std::string& stream_buffer() noexcept { return stream_; }
    [[nodiscard]] std::string& send_buffer() noexcept { return output_; }
    [[nodiscard]] load_tally& tally() noexcept { return result_.tally; }
    [[nodiscard]] time_point now() const noexcept { return now_; }
    /// Reads the clock.
    time_point tick() noexcept { return now_ = std::chrono::steady_clock::now(); }
    [[nodiscard]] bool begun() const noexcept { return begun_; }
    [[nodiscard]] bool sending() const noexcept { return sending_; }
    /// True within the recorded time.
    [[nodiscard]] bool recording() const noexcept { return now_ >= from_ && now_ <= end_; }
    /// The number of slots that are due.
    [[nodiscard]] std::uint64_t slots_due() const noexcept {
        return schedule_.due_by(std::min(now_, last_due_));
    }
    /// Records that messages of a connection were answered now.
    void record(const slots& mine, std::uint64_t first, std::uint64_t count, time_point sent);
    /// Records that messages were sent that have no reply.
    void record_one_way(const slots& mine, std::uint64_t first, std::uint64_t count);
    /// Open loop: records that messages were sent now which could be sent since `able_since`.
    void record_late(const slots& mine, std::uint64_t first, std::uint64_t count,
                     time_point able_since);
    /// The server has received all that a connection sent without replies.
    void note_all_taken() noexcept { last_reply_ = now_; }
    /// A connection failed before the load began. Ends the run if that continues for `timeout`.
    void note_opening_failed(const wire_error& error);
    void record_connect(std::chrono::nanoseconds took);
    /// A frame has been received.
    void note_reply() noexcept {
        if (!replied_) common_.replied = replied_ = true;
    }
    void fault(load_fault one);
    void failed(errc code) { ++result_.failures[std::string(error_name(code))]; }
    void opened() noexcept { ++open_; }
    void closed() noexcept { --open_; }
    void one_done() noexcept { ++done_; }

private:
    bool open_all();
    void begin(time_point at);
    void run_cycle();
    void send_due();
    void check_connections();
    void note_broken();
    void end_slice(time_point at);
    void publish();
    void finish();
    [[nodiscard]] bool over() const noexcept;
    void count_messages(std::uint64_t count) noexcept;

    load_common& common_;
    std::uint64_t first_;
    class poller poller_;
    std::deque<load_connection> connections_;
    std::string input_;
    std::string stream_;
    std::string output_;
    load_result result_;
    latency_histogram slice_;
    std::uint64_t slice_messages_ = 0;
    schedule schedule_;
    std::uint64_t next_slot_ = 0;
    std::uint64_t open_ = 0;
    std::uint64_t done_ = 0;
    bool begun_ = false;
    bool sending_ = false;
    bool replied_ = false;
    time_point opening_since_;
    time_point now_;
    time_point from_ = time_point::max();  // of the recorded time
    time_point end_ = time_point::max();
    time_point last_due_ = time_point::max();
    time_point last_reply_;
    time_point slice_began_;
    time_point check_at_;

    mutable std::mutex mutex_;
    load_figures figures_;
};

}  // namespace framewire
