#pragma once

#include "framewire/core/result.hpp"
#include "verdict.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// What has become of all cases.
struct check_report {
    std::string server{};   ///< its address, or that of ours for clients
    std::string framing{};  ///< its spec
    std::string service{};  ///< and what was learned about it
    checked_end end = checked_end::server;
    std::vector<check_outcome> outcomes{};

    [[nodiscard]] std::size_t count(verdict what) const noexcept;
    [[nodiscard]] bool is_passed() const noexcept { return count(verdict::fail) == 0; }
};

enum class report_format : std::uint8_t { text, json, junit, html, tap };
[[nodiscard]] result<report_format> parse_report_format(std::string_view text);

/// What was seen, and where, unless the words say that.
[[nodiscard]] std::string seen_at(const check_finding& found);

/// What is checked, in a line.
[[nodiscard]] std::string heading_of(const check_report& report);
/// A line for a case, and below it, unless it is passed, what was expected and seen.
[[nodiscard]] std::string text_of(const check_outcome& outcome);
/// The same for one case after the other: advice is given once, and later referred to.
class text_report {
public:
    [[nodiscard]] std::string add(const check_outcome& outcome);

private:
    std::map<std::string, std::uint32_t, std::less<>> given_;  // advice, and by which case
};
/// The last line: how many are passed.
[[nodiscard]] std::string summary_of(const check_report& report);
/// All of it.
[[nodiscard]] std::string print_report(const check_report& report, report_format format);

/// The rows, each with its level, rule and source.
[[nodiscard]] std::string list_of(const std::vector<const check_row*>& rows);

}  // namespace framewire
