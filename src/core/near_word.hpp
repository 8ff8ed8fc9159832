#pragma once

#include <span>
#include <string_view>

namespace framewire {

/// The one of `known` that a person probably meant by `word`: the nearest by letters missing,
/// added, wrong or swapped, or the shortest that begins with it. Empty if none is near.
[[nodiscard]] std::string_view near_word(std::string_view word,
                                         std::span<const std::string_view> known);

}  // namespace framewire
