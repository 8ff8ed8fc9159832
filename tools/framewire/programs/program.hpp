#pragma once

#include "framewire/core/result.hpp"
#include "framewire/core/time.hpp"
#include "framewire/service/peer.hpp"
#include "io/descriptor.hpp"
#include "io/poller.hpp"
#include "io/timer_wheel.hpp"
#include "spawn.hpp"
#include "watched_descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace framewire {

/// How a program has ended.
struct program_outcome {
    /// Why there is no result, with the end of its standard error; empty if its status is 0.
    std::string failure;
    /// What it wrote, unless it had a stream.
    std::string output;
    /// The stream that it was given, for the caller to close.
    owned_descriptor stream;
};

/// What to start, and for whom.
struct program_request {
    std::string command;
    peer whom;
    /// Its standard input and output, if open.
    owned_descriptor stream;
    /// Without a stream: its input, and how much it may write.
    std::string input;
    std::uint64_t output_bytes_max = 0;
    /// Called once, on the thread of the runner, when it has ended or cannot be started. Must not
    /// throw.
    std::function<void(program_outcome)> then;
};

/// A running program: gives it its input, takes its output, and waits for its end. What it leaves
/// running in its process group ends with it. Belongs to one thread.
class program final : private timer {
public:
    /// `ended` is called before the request's `then`; neither may destroy the program.
    program(poller& in, timer_wheel& timers, program_request what, std::function<void()> ended);
    program(const program&) = delete;
    program& operator=(const program&) = delete;

    void start() noexcept;
    /// Ends it, after `grace`: with SIGTERM, and a second later with SIGKILL.
    void end(std::chrono::milliseconds grace);

    [[nodiscard]] std::uint64_t peer_id() const noexcept { return request_.whom.id; }
    [[nodiscard]] bool has_stream() const noexcept { return request_.stream.is_open(); }
    [[nodiscard]] bool done() const noexcept { return !ended_; }

private:
    time_point on_timer(time_point now) override;
    template <class Act>
    void guarded(Act act) noexcept;
    [[nodiscard]] result<void> open();
    void write_input();
    bool read_output();
    bool read_errors();
    void reap() noexcept;
    void finish(std::string failure) noexcept;
    [[nodiscard]] std::string failure_of(int status) const;

    timer_wheel& timers_;
    program_request request_;
    std::function<void()> ended_;  // null once it has been called
    watched_descriptor input_;
    watched_descriptor output_;
    watched_descriptor errors_;
    watched_descriptor exit_;
    pid_t id_ = -1;
    std::size_t written_ = 0;
    std::string written_by_it_;
    std::string complaint_;  // the end of its standard error
    bool too_large_ = false;
    bool lacks_memory_ = false;
    bool is_complaint_cut_ = false;
    int next_signal_ = 0;
    time_point next_signal_at_ = time_point::max();
};

}  // namespace framewire
