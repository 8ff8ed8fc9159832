#include "framewire/core/endpoint.hpp"

#include <fmt/format.h>

namespace framewire {

std::string endpoint::text() const {
    if (kind == family::local) return fmt::format("unix:{}", host);
    const bool brackets = host.find(':') != std::string::npos;
    return brackets ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace framewire
