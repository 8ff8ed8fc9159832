#include "framing_names.hpp"

#include "core/near_word.hpp"
#include "framewire/codec/framing_table.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace framewire {

std::string meant_name(std::string_view name) {
    const auto known = framing_names();
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
