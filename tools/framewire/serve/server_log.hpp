#pragma once

#include "cli/output.hpp"

#include <string>
#include <string_view>

namespace framewire {

/// Lines of `serve` on standard error. Thread-safe.
class server_log {
public:
    explicit server_log(output& to) : to_(to) {}

    void write(std::string_view line) {
        constexpr std::string_view name = "framewire serve: ";
        std::string text;
        text.reserve(name.size() + line.size() + 1);
        text.append(name).append(line).push_back('\n');
        to_.write(text);
    }

private:
    output& to_;
};

}  // namespace framewire
