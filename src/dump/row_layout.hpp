#pragma once

#include "dump_row.hpp"

#include <vector>

namespace framewire {

/// The notations in which od or hexdump may have printed a row, by the columns in which its units
/// end. Empty if it is no row of theirs, or it has an offset of another tool.
[[nodiscard]] std::vector<notation> notations_of(const dump_row& row);

/// True if the row is one of `od -a`, which names characters and loses a bit of each.
[[nodiscard]] bool is_od_a(const dump_row& row);

}  // namespace framewire
