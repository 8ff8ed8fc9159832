#include "selection.hpp"

#include "core/near_word.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

std::string_view kind_of(const check_row& row) { return row.name.substr(0, row.name.find('.')); }

bool is_called(const check_row& row, std::string_view name) {
    return row.name == name || kind_of(row) == name || std::to_string(row.number) == name;
}

}  // namespace

bool check_selection::has(const check_row& row) const {
    const auto is_it = [&](const std::string& name) { return is_called(row, name); };
    return (only_.empty() || std::ranges::any_of(only_, is_it)) &&
           std::ranges::none_of(excluded_, is_it);
}

result<void> check_selection::add(std::string_view names, std::vector<std::string>& into) {
    while (!names.empty()) {
        const auto end = std::min(names.find(','), names.size());
        const auto name = names.substr(0, end);
        names.remove_prefix(std::min(end + 1, names.size()));
        const auto all = check_catalogue();
        if (std::ranges::none_of(all, [&](const auto& row) { return is_called(row, name); })) {
            std::vector<std::string_view> known;
            for (const auto& row : all) known.insert(known.end(), {row.name, kind_of(row)});
            const auto near = near_word(name, known);
            return tl::unexpected(failure{fmt::format("there is no case '{}'", name),
                                          near.empty() ? "'framewire check --list' lists them"
                                                       : fmt::format("did you mean '{}'?", near)});
        }
        into.emplace_back(name);
    }
    return {};
}

}  // namespace framewire
