#pragma once

#include <poll.h>
#include <chrono>
#include <span>

namespace framewire {

/// Waits until one of the descriptors is ready (its `revents`), a signal is caught, or `until` has
/// come; `time_point::max()` is never.
void poll_until(std::span<pollfd> all, std::chrono::steady_clock::time_point until) noexcept;

}  // namespace framewire
