#pragma once

#include "performance.hpp"

#include <string>

namespace framewire {

/// One line: where it is, and the first byte.
[[nodiscard]] std::string difference_words(const script& all, const mismatch& found,
                                           played_end played);

/// The first difference, for a person: where it is, both sides as in a diff, and both frames taken
/// apart around the first byte that differs.
[[nodiscard]] std::string print_difference(const script& all, const mismatch& found,
                                           played_end played, bool colour);

/// One line: what was played and compared, and how well the times were kept.
[[nodiscard]] std::string print_result(const performance_result& found, played_end played,
                                       bool keeps_time);

}  // namespace framewire
