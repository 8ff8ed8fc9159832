#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace framewire {

/// One line on a terminal that says how far something is. Shows nothing of what is soon over.
class progress {
public:
    /// Shows nothing if it is not `wanted`, or standard error is no terminal that can.
    explicit progress(bool wanted);
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;
    /// Clears the line.
    ~progress() { clear(); }

    /// `what` has come to `done` bytes of `total`, or of `unknown_length`. Another `what` starts
    /// anew.
    void show(std::string_view what, std::uint64_t done, std::uint64_t total);
    void clear();
    /// Clears the line, and shows it no more.
    void stop();

private:
    using clock = std::chrono::steady_clock;

    bool wanted_;
    bool shown_ = false;
    std::string_view what_;
    clock::time_point began_ = clock::now();
    clock::time_point next_;
};

}  // namespace framewire
