#pragma once

#include <chrono>

namespace framewire {

/// A moment of the clock that deadlines are measured with; it never goes back.
using time_point = std::chrono::steady_clock::time_point;

}  // namespace framewire
