#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace framewire::fuzz {

/// The list of the target that is linked with it.
extern const std::string_view list_name;

/// The framings that the target `fuzz_NAME` tries; an input says which of them it is for.
struct spec_list {
    std::string_view name;
    std::array<std::string_view, 12> specs;

    [[nodiscard]] constexpr std::size_t size() const noexcept {
        return static_cast<std::size_t>(std::ranges::find(specs, "") - specs.begin());
    }
};

inline constexpr std::array spec_lists{
    spec_list{
        "digits",
        {"digits:10", "digits:1", "digits:2", "digits:2,max=5,oversize=skip", "digits:4,max=64",
         "digits:3,pad=space", "digits:20,pad=space,oversize=skip", "digits:255",
         "digits:10,count=chars", "digits:2,max=5,count=chars",
         "digits:2,pad=space,count=chars,max=4,oversize=skip", "digits:20,max=8,oversize=skip"}},
    spec_list{"fixed",
              {"fixed:1", "fixed:4", "fixed:16", "fixed:8,max=4", "fixed:8,max=4,oversize=skip",
               "fixed:255"}},
    spec_list{"raw", {"raw", "raw,max=3", "raw,max=64,oversize=skip"}},
};

}  // namespace framewire::fuzz
