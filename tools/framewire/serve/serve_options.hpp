#pragma once

#include "access_options.hpp"
#include "cli/options.hpp"
#include "cli/tls_options.hpp"
#include "framewire/net/server.hpp"
#include "init/identity.hpp"
#include "reporting.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace framewire {

/// The options of `framewire serve`.
struct serve_options {
    target_options target;
    std::optional<std::string> service;
    server_settings settings;
    std::uint64_t threads = 1;
    std::uint64_t exec_max = 16;
    access_options access;
    std::optional<address> metrics;
    reporting_options reporting;
    tls_options tls;
    identity_options identity;
    std::chrono::milliseconds hand_over{60'000};
    std::string config;
    bool checks_config = false;
    bool accepts_loss = false;
};

/// Adds the options to the page of `serve`, whose text they complete.
void add_options(command_page& page, const std::shared_ptr<serve_options>& options);

/// What is to be served, and where; completes the settings. Throws `usage_error`.
[[nodiscard]] target target_of(serve_options& options);

}  // namespace framewire
