#pragma once

#include "channel.hpp"
#include "cli/command_page.hpp"
#include "cli/event_options.hpp"
#include "cli/target.hpp"
#include "cli/tls_options.hpp"
#include "fault.hpp"
#include "framewire/net/server.hpp"
#include "rule.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// The options of `proxy`.
struct passing_options {
    target_options target;
    std::optional<std::string> to;
    misfit beyond = misfit::close;
    std::vector<pattern> requests;
    std::vector<mock_reply> replies;
    std::vector<change> changes;
    std::uint64_t exec_max = 16;
    std::vector<fault> faults;
    std::optional<std::uint64_t> seed;
    std::optional<address> control;
    std::optional<address> serve;  // the page
    std::string html;
    std::string record;
    bool quiet = false;
    event_options events;
    int verbosity = 0;
    std::uint64_t threads = 1;
    std::chrono::milliseconds connect_timeout{5'000};
    tls_options tls;
    server_settings settings;

    [[nodiscard]] bool has_page() const noexcept { return serve || !html.empty(); }
};

void add_options(command_page& page, passing_options& options);

}  // namespace framewire
