#pragma once

#include "case_runner.hpp"
#include "check_case.hpp"
#include "verdict.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace framewire {

/// Runs all cases, `parallel` of them at once, and the first one alone. Calls `done` for each in
/// the order of the cases, one call at a time, from any thread, as soon as it and all before it
/// are done. Throws what `done` throws.
void run_cases(case_runner& runner, const std::vector<check_case>& cases, std::uint64_t parallel,
               const std::function<void(check_outcome)>& done);

/// What the service does, and what was learned about it: `any: one reply to each message`.
[[nodiscard]] std::string describe_service(const check_plan& plan);

}  // namespace framewire
