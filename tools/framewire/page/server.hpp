#pragma once

#include "framewire/core/result.hpp"

#include <cstdint>
#include <string>

namespace framewire {

/// Serves a page and its requests on 127.0.0.1, until SIGINT or SIGTERM; prints its address first.
/// Port 0 lets the system choose. Fails if the port is not available.
[[nodiscard]] result<void> serve_page(std::uint16_t port, const std::string& page);

}  // namespace framewire
