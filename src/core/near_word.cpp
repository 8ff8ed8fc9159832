#include "near_word.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace framewire {
namespace {

// Nobody means a word of such a length, and comparing it would take long.
constexpr std::size_t length_max = 64;
// With fewer letters, too many words begin like it.
constexpr std::size_t beginning_min = 3;

// Letters to insert, delete, replace or swap with their neighbour (optimal string alignment).
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> before(to.size() + 1);
    std::vector<std::size_t> above(to.size() + 1);
    std::vector<std::size_t> row(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
            const bool swapped =
                i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[to.size()];
}

std::string_view shortest_beginning(std::string_view word,
                                    std::span<const std::string_view> known) {
    std::string_view found;
    for (const auto one : known) {
        const bool is_shorter = found.empty() || one.size() < found.size();
        if (one.starts_with(word) && is_shorter) found = one;
    }
    return found;
}

}  // namespace

std::string_view near_word(std::string_view word, std::span<const std::string_view> known) {
    if (word.empty() || word.size() > length_max) return {};
    if (word.size() >= beginning_min) {
        if (const auto found = shortest_beginning(word, known); !found.empty()) return found;
    }
    // A third of the letters may be wrong.
    std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
    std::string_view nearest;
    for (const auto one : known) {
        const auto apart = one.size() > length_max ? least : distance(word, one);
        if (apart >= least || apart >= word.size()) continue;
        least = apart;
        nearest = one;
    }
    return nearest;
}

}  // namespace framewire
