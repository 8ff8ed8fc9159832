#pragma once

#include "framewire/core/result.hpp"

#include <cstdint>
#include <string>

namespace framewire {

/// Serves a page on 127.0.0.1 and answers what it asks for, until SIGINT or SIGTERM; prints its
/// address first. Port 0 lets the system choose. Fails if the port cannot be had.
[[nodiscard]] result<void> serve_page(std::uint16_t port, const std::string& page);

}  // namespace framewire
