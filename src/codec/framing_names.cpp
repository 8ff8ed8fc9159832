#include "framing_names.hpp"

#include "core/near_word.hpp"
#include "framewire/codec/framing_table.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <span>

namespace framewire {

namespace {

// Those of a family: `iso8583` is the beginning of `iso8583-bin2` and others.
std::string family_of(std::string_view name, std::span<const std::string_view> known) {
    constexpr std::size_t shown_max = 4;
    std::string found;
    std::size_t count = 0;
    for (const auto one : known) {
        if (!one.starts_with(name) || one.substr(name.size(), 1) != "-") continue;
        if (++count <= shown_max) found += fmt::format("{}'{}'", count > 1 ? ", " : "", one);
    }
    return count < 2 ? "" : fmt::format("there are {}{}", found, count > shown_max ? ", ..." : "");
}

}  // namespace

std::string meant_name(std::string_view name) {
    const auto known = framing_names();
    if (auto family = family_of(name, known); !family.empty()) return family;
    // As types are called elsewhere, which do not say the order of the bytes.
    constexpr std::array<std::string_view, 4> types{"u", "uint", "int", "i"};
    for (const std::string_view type : types) {
        if (!name.starts_with(type)) continue;
        const auto big = fmt::format("u{}be", name.substr(type.size()));
        const auto little = fmt::format("u{}le", name.substr(type.size()));
        if (std::ranges::find(known, std::string_view(little)) == known.end()) continue;
        return fmt::format("did you mean '{}' or '{}'?", big, little);
    }
    const auto near = near_word(name, known);
    return near.empty() ? "'framewire framings' lists them"
                        : fmt::format("did you mean '{}'?", near);
}

}  // namespace framewire
