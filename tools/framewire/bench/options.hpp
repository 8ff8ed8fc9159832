#pragma once

#include "cli/options.hpp"
#include "framewire/core/result.hpp"
#include "load/load_plan.hpp"
#include "threshold.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace framewire {

/// What the command line of `bench` says. 0 and empty texts: not given.
struct bench_options {
    target_options target;
    std::uint64_t connections = 1;
    std::uint64_t in_flight = 0;
    std::uint64_t rate = 0;
    std::string expect;
    std::string size;
    std::string payload;
    std::chrono::milliseconds duration{0};
    std::uint64_t count = 0;
    std::chrono::milliseconds warm_up{0};
    std::chrono::milliseconds ramp{0};
    std::chrono::milliseconds timeout{5'000};
    std::uint64_t threads = 1;
    std::string source;
    std::string find_rate;
    std::vector<std::string> fail_if;
    std::string json;
    std::string html;
};

void add_bench_options(command_page& page, bench_options& into);

/// What they mean, or a usage error.
[[nodiscard]] load_plan plan_load(const bench_options& given);
[[nodiscard]] std::vector<threshold> parse_thresholds(std::string_view option,
                                                      const std::vector<std::string>& texts);

}  // namespace framewire
