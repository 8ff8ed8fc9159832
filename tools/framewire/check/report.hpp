#pragma once

#include "verdict.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// What has become of all cases.
struct check_report {
    std::string server;   ///< its address
    std::string framing;  ///< its spec
    std::string service;
    std::vector<check_outcome> outcomes{};

    [[nodiscard]] std::size_t count(verdict what) const noexcept;
    [[nodiscard]] bool is_passed() const noexcept { return count(verdict::fail) == 0; }
};

/// A line for a case, and below it, unless it is passed, what was expected and seen.
[[nodiscard]] std::string text_of(const check_outcome& outcome);
/// The last line: how many have passed.
[[nodiscard]] std::string summary_of(const check_report& report);

}  // namespace framewire
