#pragma once

#include "files.hpp"
#include "link.hpp"
#include "random.hpp"
#include "threads.hpp"
#include "timeline.hpp"
#include "weather.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// Who listens, and who is connected.
class simulated_network {
public:
    explicit simulated_network(world& in) : world_(in) {}

    void listen(const std::shared_ptr<listening_file>& one) { listeners_.push_back(one); }
    void forget(const listening_file& one);
    [[nodiscard]] bool is_taken(std::uint16_t port) const noexcept;
    /// A connection that waits to be accepted; null if nobody listens.
    std::shared_ptr<link> connect(std::uint16_t port, nanoseconds latency);
    [[nodiscard]] const std::shared_ptr<link>& at(std::uint64_t number) const {
        return links_.at(number - 1);
    }
    [[nodiscard]] const std::vector<std::shared_ptr<link>>& links() const noexcept {
        return links_;
    }

private:
    world& world_;
    std::vector<std::shared_ptr<listening_file>> listeners_;
    std::vector<std::shared_ptr<link>> links_;
};

/// Everything that one seed decides: a program on a system of its own. One exists at a time, as
/// the system calls of the program must find it.
class world {
public:
    explicit world(std::uint64_t its_seed);
    world(const world&) = delete;
    world& operator=(const world&) = delete;
    ~world();

    [[nodiscard]] static bool exists() noexcept;
    [[nodiscard]] static world& current() noexcept;

    /// Lets the threads run and time pass until nothing can happen any more.
    void run();
    /// Prints what does not hold, the seed and what happened last, and ends the program.
    [[noreturn]] void violated(std::string_view what) const;
    void require(bool holds, std::string_view what) const {
        if (!holds) violated(what);
    }
    /// Something was done that need not be done again.
    void progress() noexcept { idle_turns_ = 0; }
    /// One thread runs until it waits: a turn.
    [[nodiscard]] std::uint64_t turn() const noexcept { return turn_; }
    /// Called when a thread begins to wait for its poller.
    void turn_ends() const {
        if (check_turn) check_turn();
    }
    std::function<void()> check_turn;
    /// What a thread does takes time.
    void spend(nanoseconds duration) noexcept { time.pass(duration); }

    /// The longest turn so far. A loop takes all of it for the moment at which it began.
    [[nodiscard]] nanoseconds longest_turn() const noexcept { return longest_turn_; }

    /// How often a condition was notified.
    [[nodiscard]] std::uint64_t notified(const void* condition) { return notified_[condition]; }
    void notify(const void* condition) { ++notified_[condition]; }

    const std::uint64_t seed;
    std::string title;  // of what it shows
    random_source random;
    timeline time;
    weather system;
    file_table files;
    thread_table threads;
    simulated_network network{*this};
    bool may_refuse = false;  // connections of peers who did nothing wrong
    std::size_t unknown_waits = 0;
    bool stopping = false;  // the server has been told

private:
    std::map<const void*, std::uint64_t> notified_;
    std::uint64_t turn_ = 0;
    std::size_t idle_turns_ = 0;
    nanoseconds longest_turn_{};
    std::size_t late_turns_;  // one in so many begins late; 0 for none
};

}  // namespace framewire::tests
