#pragma once

#include "check_case.hpp"
#include "framewire/core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// Rows by number (`102`), name (`pieces.split`) or kind (`pieces`).
class check_selection {
public:
    /// Names that are separated by commas. Fails if there is no such row.
    result<void> add_only(std::string_view names) { return add(names, only_); }
    result<void> add_excluded(std::string_view names) { return add(names, excluded_); }

    [[nodiscard]] bool has(const check_row& row) const;
    /// Nothing was named.
    [[nodiscard]] bool empty() const noexcept { return only_.empty() && excluded_.empty(); }

private:
    static result<void> add(std::string_view names, std::vector<std::string>& into);

    std::vector<std::string> only_;
    std::vector<std::string> excluded_;
};

}  // namespace framewire
