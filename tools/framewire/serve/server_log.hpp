#pragma once

#include "cli/output.hpp"
#include "cli/timestamp.hpp"

#include <string>
#include <string_view>

namespace framewire {

/// Lines of `serve` on standard error, each after the time if so wanted. Thread-safe.
class server_log {
public:
    explicit server_log(output& to, bool has_timestamps = false)
        : to_(to), has_timestamps_(has_timestamps) {}

    void write(std::string_view line) {
        constexpr std::string_view name = "framewire serve: ";
        std::string text;
        text.reserve(name.size() + line.size() + 1);
        text.append(name).append(line).push_back('\n');
        to_.write(has_timestamps_ ? with_timestamps(text, timestamp()) : text);
    }

private:
    output& to_;
    bool has_timestamps_;
};

}  // namespace framewire
