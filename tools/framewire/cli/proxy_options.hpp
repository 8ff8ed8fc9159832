#pragma once

#include "command_page.hpp"
#include "framewire/transport/proxy_announcement.hpp"

#include <optional>

namespace framewire {

/// `--send-proxy` and `--proxy-source`, of commands that connect.
struct proxy_options {
    std::optional<proxy_announcement::version> version{};
    std::optional<endpoint> source{};

    /// What to announce, if anything. Throws `usage_error` if they do not fit together.
    [[nodiscard]] std::optional<proxy_announcement> announcement() const;
};

void add_proxy_options(command_page& page, proxy_options& into);

}  // namespace framewire
