#pragma once

#include "framewire/codec/framing.hpp"

#include "specs.hpp"

#include <string_view>
#include <vector>

namespace framewire::fuzz {

/// The list of the target that is linked with it.
extern const std::string_view list_name;

/// The specs that the target `fuzz_NAME` tries; an input says which of them it is for.
struct spec_list {
    std::string_view name;
    std::vector<std::string_view> specs{};
};

inline std::vector<spec_list> spec_lists() {
    std::vector<spec_list> lists;
    tests::for_each_spec_line([&](const tests::spec_line& line) {
        if (!line.serves("fuzz")) return;
        if (lists.empty() || lists.back().name != line.group) lists.push_back({line.group});
        lists.back().specs.push_back(line.spec);
    });
    return lists;
}

/// Those of this list; of all for `""`.
inline std::vector<framing> parse_specs(std::string_view list) {
    std::vector<framing> parsed;
    for (const auto& one : spec_lists()) {
        if (!list.empty() && one.name != list) continue;
        for (const auto spec : one.specs) parsed.push_back(framing::parse(spec).value());
    }
    return parsed;
}

}  // namespace framewire::fuzz
