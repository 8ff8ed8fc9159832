#pragma once

#include "cli/options.hpp"
#include "cli/tls_options.hpp"
#include "load/load_plan.hpp"
#include "threshold.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// The words on the command line of `bench`. 0 and empty texts: not given.
struct bench_options {
    target_options target;
    std::uint64_t connections = 1;
    std::uint64_t in_flight = 0;
    std::uint64_t rate = 0;
    std::string expect;
    std::string size;
    std::vector<std::string> payloads;
    std::vector<std::string> texts;
    std::optional<std::string> first;
    bool escapes = false;
    std::uint64_t messages_per_connection = 0;
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
    std::string hdr;
    std::string compare;
    tls_options tls;
};

void add_bench_options(command_page& page, bench_options& into);

/// The plan that they describe.
struct bench_plan {
    load_plan load;
    /// Searches for the highest rate that keeps this.
    std::optional<threshold> find_rate{};
    std::vector<threshold> fail_if{};
};

/// Throws `usage_error` if an option is wrong, or two are in conflict.
[[nodiscard]] bench_plan plan_bench(const bench_options& given);

}  // namespace framewire
