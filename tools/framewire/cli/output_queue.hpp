#pragma once

#include "byte_budget.hpp"
#include "remark.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace framewire {

/// What waits to be written to a descriptor, and the loop of the thread that writes it. Keeps
/// whole lines, up to a bound; counts those that are left out, and adds a remark where they are
/// missing.
class output_queue {
public:
    output_queue(int descriptor, remark_format remarks) noexcept;

    /// The thread's function: writes until `end` was called and nothing is left. Needs no memory.
    void run() noexcept;

    /// Adds whole lines, or leaves them out if the reader lags or memory cannot be had.
    void add(std::string_view lines);
    /// Waits until all is written; false if that takes longer.
    bool await(std::chrono::milliseconds longest);
    [[nodiscard]] bool is_empty();
    /// Whether the budget of what peers cause has room; if not, counts a line as left out.
    [[nodiscard]] bool admits();
    void charge(std::size_t size);

    /// Ends `run`, waiting for it; false if that takes longer.
    bool end(std::chrono::milliseconds longest);

private:
    void keep(std::string_view lines);
    void append(std::string_view lines);
    void wait_for_work(std::unique_lock<std::mutex>& lock);
    void write_remark(std::uint64_t& lines, std::string_view why,
                      std::unique_lock<std::mutex>& lock) noexcept;

    // Without the lock:
    void write_out(std::string_view lines) noexcept;
    bool repair() noexcept;
    std::size_t put(std::string_view text) noexcept;
    void settle(std::size_t size) noexcept;

    int descriptor_;
    remark_format remarks_;
    std::mutex mutex_;
    std::condition_variable changed_;  // for the thread
    std::condition_variable written_;  // for those who wait for it
    std::string waiting_;
    std::size_t unwritten_ = 0;  // of what waits, and of what the thread has taken
    bool lags_ = false;          // the reader, until half of the bound is free again
    std::uint64_t unread_ = 0;   // lines left out, as the reader lagged
    std::uint64_t above_ = 0;    // lines left out, as they were above the budget
    byte_budget budget_;
    bool ending_ = false;
    bool ended_ = false;

    // Of the thread alone:
    std::uint64_t failed_ = 0;  // lines that could not be written
    bool inside_line_ = false;
};

}  // namespace framewire
