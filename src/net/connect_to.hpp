#pragma once

#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "io/sockets.hpp"

#include <chrono>

namespace framewire {

/// A connected socket, not blocking. Tries every socket address of `where` in order, all within
/// `timeout`; zero waits forever. Resolving a name is not part of that time.
[[nodiscard]] result<owned_descriptor> connect_to(const address& where,
                                                  std::chrono::milliseconds timeout);

}  // namespace framewire
