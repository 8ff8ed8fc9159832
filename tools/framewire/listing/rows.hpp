#pragma once

#include "framewire/core/bytes.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire {

/// One entry of a list, as named fields.
struct row {
    /// By which it is found, separated by spaces.
    std::string names;
    std::vector<std::pair<std::string_view, std::string>> fields;
};

/// The codec's output, abridged to fit a line; empty if it cannot carry the payload.
[[nodiscard]] std::string example_bytes(std::string_view spec, bytes payload);

[[nodiscard]] std::string to_json(const std::vector<row>& rows);
/// The first field is a heading. Empty fields are left out.
[[nodiscard]] std::string to_text(const std::vector<row>& rows);

/// The row that has the name, or null.
[[nodiscard]] const row* find_row(const std::vector<row>& rows, std::string_view name);

/// Throws `usage_error`, with the nearest of the names that there are.
[[noreturn]] void refuse_name(const std::string& name, std::string_view kind,
                              const std::vector<std::string_view>& known);

/// The words of a text, which must outlive them.
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view text);

}  // namespace framewire
