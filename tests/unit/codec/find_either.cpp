#include "framewire/codec/detail/find_either.hpp"

#include <gtest/gtest.h>
#include <cstddef>
#include <string>
#include <utility>

namespace framewire::find_either_tests {
namespace {

// Where it is found, from a byte on.
std::size_t found_in(const std::string& text, char one, char other, std::size_t from = 0) {
    const auto* const end = text.data() + text.size();
    return static_cast<std::size_t>(find_either(text.data() + from, end, one, other) -
                                    text.data());
}

TEST(find_either, finds_each_at_every_place_in_every_size) {
    constexpr std::size_t size_max = 150;  // more than two blocks that are compared at once
    for (std::size_t size = 0; size <= size_max; ++size) {
        std::string text(size, 'x');
        ASSERT_EQ(found_in(text, 'a', 'b'), size);
        for (std::size_t at = 0; at < size; ++at) {
            for (const char found : {'a', 'b'}) {
                text[at] = found;
                ASSERT_EQ(found_in(text, 'a', 'b'), at) << size << ' ' << found;
                ASSERT_EQ(found_in(text, 'a', 'b', at), at) << size << ' ' << found;
                ASSERT_EQ(found_in(text, 'a', 'b', at + 1), size) << size << ' ' << found;
            }
            text[at] = 'x';
        }
    }
}

TEST(find_either, finds_the_first_of_both) {
    std::string text(150, 'x');
    for (const auto& [first, second] : {std::pair{3, 4}, {3, 70}, {70, 71}, {70, 149}}) {
        auto both = text;
        both[static_cast<std::size_t>(first)] = 'b';
        both[static_cast<std::size_t>(second)] = 'a';
        EXPECT_EQ(found_in(both, 'a', 'b'), static_cast<std::size_t>(first));
        EXPECT_EQ(found_in(both, 'b', 'a'), static_cast<std::size_t>(first));
        EXPECT_EQ(found_in(both, 'a', 'a'), static_cast<std::size_t>(second));
    }
}

TEST(find_either, tells_bytes_of_any_value_apart) {
    for (unsigned value = 0; value < 256; ++value) {
        const auto one = static_cast<char>(value);
        const auto other = static_cast<char>(value ^ 0x80U);
        std::string text(100, static_cast<char>(value ^ 1U));
        ASSERT_EQ(found_in(text, one, other), text.size()) << value;
        text[90] = other;
        ASSERT_EQ(found_in(text, one, other), 90U) << value;
        text[40] = one;
        ASSERT_EQ(found_in(text, one, other), 40U) << value;
    }
}

}  // namespace
}  // namespace framewire::find_either_tests
