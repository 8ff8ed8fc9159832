#pragma once

#include "io/inbox.hpp"
#include "io/poller.hpp"
#include "io/timer_wheel.hpp"
#include "program.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <thread>

namespace framewire {

/// Runs programs for connections, all on a thread of its own: no event loop waits while one is
/// started. Thread-safe.
class program_runner {
public:
    /// At most `at_once_max` programs without a stream run at once; further ones wait. Throws
    /// `std::system_error` if the system has no more descriptors or threads.
    explicit program_runner(std::size_t at_once_max);
    program_runner(const program_runner&) = delete;
    program_runner& operator=(const program_runner&) = delete;
    /// Ends those that run, and waits for that.
    ~program_runner();

    void run(program_request what);
    /// Ends the programs that serve this peer, after `grace`, and drops those that wait.
    void end(const peer& whom, std::chrono::milliseconds grace);

private:
    void serve() noexcept;
    void start(program_request what) noexcept;
    void start_waiting() noexcept;

    const std::size_t at_once_max_;
    poller poller_;
    timer_wheel timers_;
    inbox inbox_;
    bool stops_ = false;
    std::size_t at_once_ = 0;  // without a stream
    std::deque<program_request> waiting_;
    std::list<program> running_;
    std::thread thread_;  // the last member, as it uses the others
};

}  // namespace framewire
