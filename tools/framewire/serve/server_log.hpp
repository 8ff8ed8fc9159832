#pragma once

#include "cli/output.hpp"
#include "cli/timestamp.hpp"
#include "log_record.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

struct log_settings {
    log_format format = log_format::plain;
    /// Lines that matter less are omitted.
    log_level level = log_level::notice;
    /// Of each kind of line that connections cause; 0: any number.
    std::uint64_t lines_per_second = 10;
};

/// Lines of `serve` on standard error, each after the time if so wanted. Thread-safe.
class server_log {
public:
    explicit server_log(output& to, log_settings how = {}, bool has_timestamps = false)
        : to_(to),
          format_(how.format),
          level_(how.level),
          lines_per_second_(how.lines_per_second),
          has_timestamps_(has_timestamps) {}

    /// Level and rate from now on; the format stays.
    void change(const log_settings& how) noexcept {
        level_ = how.level;
        lines_per_second_ = how.lines_per_second;
    }

    /// False: lines of that level would be omitted, and need not be made.
    [[nodiscard]] bool shows(log_level level) const noexcept { return level <= level_; }
    void write(const log_record& one) {
        if (!shows(one.level())) return;
        const auto line = one.line(format_);
        const bool lacks_time = has_timestamps_ && format_ == log_format::plain;
        to_.write(lacks_time ? with_timestamps(line, timestamp()) : line);
    }
    void write(std::string_view words, log_level level = log_level::notice) {
        write(log_record(level, "message", std::string(words)));
    }
    [[nodiscard]] std::uint64_t lines_per_second() const noexcept { return lines_per_second_; }

private:
    output& to_;
    const log_format format_;
    std::atomic<log_level> level_;
    std::atomic<std::uint64_t> lines_per_second_;
    bool has_timestamps_;
};

}  // namespace framewire
