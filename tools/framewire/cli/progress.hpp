#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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
    /// The parts of a line of another kind; those at its end that do not fit are left out.
    void show(const std::vector<std::string>& parts);
    void clear();
    /// Clears the line, and shows it no more.
    void stop();

private:
    using clock = std::chrono::steady_clock;

    [[nodiscard]] bool due(clock::time_point now) noexcept;
    void draw(const std::vector<std::string>& parts);

    bool wanted_;
    bool shown_ = false;
    std::string_view what_;
    clock::time_point began_ = clock::now();
    clock::time_point next_ = began_;
};

}  // namespace framewire
