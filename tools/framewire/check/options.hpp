#pragma once

#include "check_case.hpp"
#include "cli/command_line.hpp"
#include "cli/target.hpp"
#include "cli/tls_options.hpp"
#include "report.hpp"
#include "selection.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// What the command line of `check` says.
struct check_options {
    target_options target;
    bool listens = false;
    std::string command;
    std::string service;
    std::vector<std::string> messages;
    bool escapes = false;
    std::chrono::milliseconds timeout{2'000};
    std::uint64_t parallel = 1;
    std::uint64_t process = 0;
    check_selection selection;
    bool lists = false;
    report_format format = report_format::text;
    std::string output;
    std::string recordings;
    tls_options tls;
};

void add_check_options(command_page& page, check_options& into);

/// Throws `usage_error`.
[[nodiscard]] check_subject subject_of(const check_options& given, const target& to);

/// Throws `usage_error` if options were given that mean nothing for this end.
void check_options_of_end(const check_options& given);

}  // namespace framewire
