#pragma once

#include "cli/json.hpp"
#include "framewire/core/result.hpp"
#include "report.hpp"

#include <string>

namespace framewire {

/// Reads a report that `bench --json` wrote. Fails if the file is none.
[[nodiscard]] result<json_value> read_earlier(const std::string& path);

/// Compares a run with an earlier one. Requires: `earlier` is of `read_earlier`.
[[nodiscard]] comparison compare(const json_value& earlier, const std::string& path,
                                 const bench_outcome& now);

/// The comparison as a table for a terminal.
[[nodiscard]] std::string comparison_table(const comparison& of);

}  // namespace framewire
