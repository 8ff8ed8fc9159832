#pragma once

#include <chrono>

namespace framewire {

/// A time of the monotonic clock that deadlines use.
using time_point = std::chrono::steady_clock::time_point;

}  // namespace framewire
