#pragma once

#include "framewire/core/result.hpp"
#include "report.hpp"

#include <functional>
#include <string_view>

namespace framewire {

/// Carries out the trials of `--find-rate`, and passes a line about each to `print_line`. The
/// outcome is that of the best trial, or of the last one if none has passed. Fails if a trial
/// cannot be carried out, or is interrupted.
[[nodiscard]] result<bench_outcome> find_rate(
    load_plan plan, const threshold& wanted,
    const std::function<void(std::string_view)>& print_line);

}  // namespace framewire
