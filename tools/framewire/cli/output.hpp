#pragma once

#include "framewire/core/result.hpp"
#include "remark.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string_view>
#include <thread>

namespace framewire {

class output_queue;

/// Lines on their way to a descriptor, which a thread of their own writes in order. So a terminal
/// or a pipe that nobody reads stops nobody but this thread. Beyond a bound whole lines are left
/// out, and a line says how many. Ignores errors of the descriptor: a server continues without a
/// reader, and says later how many lines are missing. Thread-safe.
class output {
public:
    enum class pace {
        own,      // `write` returns at once
        in_step,  // `write` waits until it is written; for 500 ms at most, where the reader lags
    };

    explicit output(int descriptor, pace how = pace::own,
                    remark_format remarks = remark_format::comment);
    output(const output&) = delete;
    output& operator=(const output&) = delete;
    /// Waits 500 ms for the rest to be written, then drops it.
    ~output();

    /// Makes the thread. Fails if it cannot be had.
    [[nodiscard]] result<void> start();

    /// Writes whole lines. Requires: `start` has succeeded.
    void write(std::string_view lines);

    /// Whether a line that a peer causes may be written: peers share a budget of bytes a second.
    /// If not, the line is counted as left out.
    [[nodiscard]] bool admits();
    /// Takes the size of an admitted line from the budget. May overdraw it.
    void charge(std::size_t size);

private:
    std::shared_ptr<output_queue> queue_;  // the thread may outlive us, blocked in a write
    std::thread thread_;
    pace pace_;
    std::atomic<bool> is_read_{true};  // by a reader that keeps up
};

/// Whether what is written to both goes to the same place, as in a terminal: then one output for
/// both keeps their lines in order.
[[nodiscard]] bool is_same_file(int one, int other) noexcept;

}  // namespace framewire
