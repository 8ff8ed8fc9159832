#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/service/peer.hpp"
#include "net/event_loop.hpp"
#include "programs/program_runner.hpp"
#include "rule.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace framewire {

/// The rules for one direction of one connection where some are programs: the loop does not wait
/// for them, and payloads keep their order. Belongs to the thread of the loop.
class rule_line {
public:
    struct settings {
        const std::vector<change>* changes = nullptr;
        const std::vector<mock>* mocks = nullptr;  // null: none of this direction
        program_runner* programs = nullptr;
        std::uint64_t output_bytes_max = 0;
        peer client{};
        /// Takes what remains of a message; `frame` is empty unless it is as it came. False if
        /// nothing passes any more.
        std::function<bool(bytes payload, bytes frame)> pass{};
        /// Takes a reply in place of the server's. False as above.
        std::function<bool(bytes reply)> answer{};
        /// A program has failed: nothing passes any more.
        std::function<void(std::string words)> fail{};
        /// After a program: nothing waits any more.
        std::function<void()> idle{};
    };

    rule_line(event_loop& loop, settings how) : loop_(loop), how_(std::move(how)) {}
    rule_line(const rule_line&) = delete;
    rule_line& operator=(const rule_line&) = delete;
    ~rule_line() { *is_alive_ = false; }

    /// Keeps it until `run`. `frame` is what it came in.
    void take(bytes payload, bytes frame);
    /// Does what needs no program, until one is running.
    void run();

    [[nodiscard]] bool is_busy() const noexcept { return !waiting_.empty(); }

private:
    struct message {
        std::string payload;
        std::string frame;
        std::size_t changes = 0;  // which have been made
        const mock* answered_by = nullptr;
    };

    bool advance(message& first);
    void start(const std::string& command, std::string input);
    void done(program_outcome outcome);
    void stop();

    event_loop& loop_;
    settings how_;
    std::deque<message> waiting_;
    bool is_running_ = false;  // a program, for the first of them
    std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
};

}  // namespace framewire
