#pragma once

#include "framewire/core/result.hpp"
#include "framewire/transport/tls.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// Serves a page and its requests on 127.0.0.1, until SIGINT or SIGTERM; prints its address first.
/// Port 0 lets the system choose. Fails if the port is not available, or a file of TLS not usable.
[[nodiscard]] result<void> serve_page(std::uint16_t port,
                                      const std::optional<tls_server_settings>& tls,
                                      const std::string& page);

}  // namespace framewire
