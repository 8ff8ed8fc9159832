#pragma once

#include "framewire/core/time.hpp"

#include <poll.h>
#include <span>

namespace framewire {

/// Waits until one of the descriptors is ready (see `revents`), a signal is caught, or `until` has
/// passed; `time_point::max()` is never.
void poll_until(std::span<pollfd> all, time_point until) noexcept;

}  // namespace framewire
