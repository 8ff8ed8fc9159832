#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace framewire::tests {

inline constexpr std::string_view specs_text =
#include "specs.txt"
    ;

/// A line of `specs.txt`.
struct spec_line {
    std::string_view group;
    std::string_view spec;
    std::string_view served;  // words

    [[nodiscard]] constexpr bool serves(std::string_view what) const {
        return served.find(what) != std::string_view::npos;
    }
};

constexpr std::string_view take_word(std::string_view& text) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    while (text.starts_with(' ')) text.remove_prefix(1);
    return word;
}

template <class Act>
constexpr void for_each_spec_line(Act act) {
    for (auto rest = specs_text.substr(1); !rest.empty();) {
        auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        const auto group = take_word(line);
        const auto spec = take_word(line);
        act(spec_line{group, spec, line});
    }
}

constexpr std::size_t count_specs(std::string_view what) {
    std::size_t count = 0;
    for_each_spec_line([&](const spec_line& one) { count += one.serves(what) ? 1U : 0U; });
    return count;
}

/// The specs that serve this purpose. Requires: `Count` is their number.
template <std::size_t Count>
constexpr std::array<std::string_view, Count> specs_for(std::string_view what) {
    std::array<std::string_view, Count> found{};
    std::size_t at = 0;
    for_each_spec_line([&](const spec_line& one) {
        if (one.serves(what)) found[at++] = one.spec;
    });
    return found;
}

}  // namespace framewire::tests
