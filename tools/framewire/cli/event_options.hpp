#pragma once

#include "command_line.hpp"

#include <string_view>

namespace framewire {

/// `--json` and `--timestamps`, as every command that prints what happens has them.
struct event_options {
    /// One object a line (`json_line`), instead of what people read.
    bool json = false;
    /// The time before each line that people read.
    bool timestamps = false;

    /// Throws `usage_error` if both are given, or `--json` and another option that only changes
    /// what people read.
    void check(bool has_other = false, std::string_view other = {}) const;
};

/// Reports why a command failed: to standard error, and with `--json` as an event to standard
/// output, too.
void report(std::string_view command_name, const failure& why, const event_options& how);

void add_event_options(command_page& page, event_options& into);

}  // namespace framewire
