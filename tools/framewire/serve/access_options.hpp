#pragma once

#include "cli/command_page.hpp"
#include "framewire/net/server.hpp"

namespace framewire {

/// Who may connect, and through which proxies.
struct access_options {
    address_rules access{};
    bool requires_proxy = false;
    proxy_settings proxy{};

    /// Throws `usage_error` if they do not fit together.
    void apply(server_settings& to) const;
};

void add_access_options(command_page& page, access_options& into);
/// How often, and how much.
void add_rate_options(command_page& page, server_settings& into);

}  // namespace framewire
