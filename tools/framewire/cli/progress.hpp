#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// One line on a terminal that shows progress; shows nothing of short operations.
class progress {
public:
    /// Shows nothing unless `wanted` and standard error is a capable terminal.
    explicit progress(bool wanted);
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;
    /// Clears the line.
    ~progress() { clear(); }

    /// `what` has reached `done` bytes of `total`, or of `unknown_length`. Another `what` restarts
    /// the measurement.
    void show(std::string_view what, std::uint64_t done, std::uint64_t total);
    /// Shows a line of these parts; omits those at its end that do not fit.
    void show(const std::vector<std::string>& parts);
    void clear();
    /// Clears the line for good.
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
