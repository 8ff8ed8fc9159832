#pragma once

#include "cli/output.hpp"
#include "cli/timestamp.hpp"
#include "log_record.hpp"

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
        : to_(to), how_(how), has_timestamps_(has_timestamps) {}

    /// False: lines of that level would be omitted, and need not be made.
    [[nodiscard]] bool shows(log_level level) const noexcept { return level <= how_.level; }
    void write(const log_record& one) {
        if (!shows(one.level())) return;
        const auto line = one.line(how_.format);
        const bool lacks_time = has_timestamps_ && how_.format == log_format::plain;
        to_.write(lacks_time ? with_timestamps(line, timestamp()) : line);
    }
    void write(std::string_view words, log_level level = log_level::notice) {
        write(log_record(level, "message", std::string(words)));
    }
    [[nodiscard]] const log_settings& settings() const noexcept { return how_; }

private:
    output& to_;
    log_settings how_;
    bool has_timestamps_;
};

}  // namespace framewire
