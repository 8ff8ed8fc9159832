#pragma once

#include "framewire/core/result.hpp"
#include "load/load_plan.hpp"
#include "load/load_result.hpp"

namespace framewire {

/// Carries out a plan while a line on a terminal shows how it goes; SIGINT and SIGTERM end it with
/// what was measured by then. Fails if the run cannot begin.
[[nodiscard]] result<load_result> measure(const load_plan& plan);

}  // namespace framewire
