#pragma once

#include "performance.hpp"

#include <string>

namespace framewire {

/// The first difference as an event `difference` (docs/json.md).
[[nodiscard]] std::string print_difference_event(const script& all, const mismatch& found,
                                                 played_end played);

/// What was played and compared, as an event `played`.
[[nodiscard]] std::string print_result_event(const performance_result& found, bool keeps_time);

}  // namespace framewire
