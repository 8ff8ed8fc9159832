#pragma once

#include "dump_row.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// A unit of a row: where its characters end, and where its bytes do.
struct row_unit {
    std::size_t end = 0;
    std::size_t bytes_end = 0;
};

/// The longest run of units of a row; what follows may be a text.
struct row_units {
    std::vector<row_unit> found{};
    std::string bytes{};
    /// What a unit is, for the words of an error.
    std::string_view expected{};
};

[[nodiscard]] row_units read_units(const dump_row& row, const notation& how);

}  // namespace framewire
