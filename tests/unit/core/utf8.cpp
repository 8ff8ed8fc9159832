#include "framewire/core/utf8.hpp"

#include "random_bytes.hpp"
#include "utf8_oracle.hpp"

#include <gtest/gtest.h>
#include <cstdint>
#include <string>
#include <vector>

namespace framewire::utf8_tests {
namespace {

using tests::encode_utf8;
using tests::utf8_oracle;

testing::AssertionResult agrees(const utf8_counter& counter, std::size_t taken, bytes input) {
    const auto expected = utf8_oracle::instance().read(input);
    if (taken == expected.taken && counter.characters() == expected.characters &&
        counter.valid() == expected.valid &&
        (!expected.valid || counter.inside_character() == expected.inside)) {
        return testing::AssertionSuccess();
    }
    auto out = testing::AssertionFailure();
    for (const char byte : input) out << ' ' << (static_cast<unsigned>(byte) & 0xFF);
    return out << ": took " << taken << " of " << expected.taken << ", counted "
               << counter.characters() << " of " << expected.characters << ", valid "
               << counter.valid() << " of " << expected.valid;
}

testing::AssertionResult agrees_whole(bytes input) {
    utf8_counter counter;
    const auto taken = counter.advance(input);
    return agrees(counter, taken, input);
}

testing::AssertionResult agrees_cut_at(std::size_t cut, bytes input) {
    utf8_counter counter;
    auto taken = counter.advance(input.substr(0, cut));
    if (taken == cut) taken += counter.advance(input.substr(cut));
    return agrees(counter, taken, input);
}

TEST(utf8_counter, agrees_with_the_list_of_encodings_on_every_one_and_two_bytes) {
    EXPECT_TRUE(agrees_whole(""));
    for (unsigned first = 0; first < 256; ++first) {
        std::string text(1, static_cast<char>(first));
        ASSERT_TRUE(agrees_whole(text));
        for (unsigned second = 0; second < 256; ++second) {
            text.resize(1);
            text += static_cast<char>(second);
            ASSERT_TRUE(agrees_whole(text));
            ASSERT_TRUE(agrees_cut_at(1, text));
        }
    }
}

TEST(utf8_counter, agrees_on_every_second_byte_behind_leads_of_three_and_four) {
    std::string text(3, '\0');
    for (unsigned lead = 0xE0; lead < 0x100; ++lead) {
        text[0] = static_cast<char>(lead);
        for (unsigned second = 0x7F; second < 0xC2; ++second) {
            text[1] = static_cast<char>(second);
            for (const unsigned third : {0x00U, 0x7FU, 0x80U, 0x9FU, 0xBFU, 0xC0U, 0xFFU}) {
                text[2] = static_cast<char>(third);
                ASSERT_TRUE(agrees_whole(text));
                ASSERT_TRUE(agrees_cut_at(2, text));
            }
        }
    }
}

TEST(utf8_counter, takes_every_code_point_and_refuses_every_surrogate) {
    std::uint64_t taken_points = 0;
    for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
        utf8_counter counter;
        const auto text = encode_utf8(point);
        const bool whole = counter.advance(text) == text.size() && counter.characters() == 1 &&
                           counter.valid() && !counter.inside_character();
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        ASSERT_NE(whole, surrogate) << point;
        taken_points += whole ? 1 : 0;
    }
    EXPECT_EQ(taken_points, 0x110000U - 0x800U);
}

TEST(utf8_counter, a_character_may_be_split_anywhere) {
    for (const std::uint32_t point : {0x24U, 0x7FU, 0x80U, 0x7FFU, 0x800U, 0xD7FFU, 0xE000U,
                                      0xFFFFU, 0x10000U, 0x1F600U, 0x10FFFFU}) {
        const auto text = encode_utf8(point);
        for (unsigned cuts = 0; cuts < 1U << (text.size() - 1); ++cuts) {
            utf8_counter counter;
            std::size_t begin = 0;
            for (std::size_t end = 1; end <= text.size(); ++end) {
                if (end < text.size() && (cuts >> (end - 1) & 1) == 0) continue;
                ASSERT_EQ(counter.advance(bytes(text).substr(begin, end - begin)), end - begin);
                ASSERT_EQ(counter.inside_character(), end < text.size());
                begin = end;
            }
            ASSERT_TRUE(agrees(counter, begin, text)) << point;
        }
    }
}

TEST(utf8_counter, agrees_on_random_text_with_faults_at_every_cut) {
    tests::random_bytes random(3629);
    for (int round = 0; round < 400; ++round) {
        std::string text;
        for (std::size_t n = random.below(12); n > 0; --n) {
            const auto kind = random.below(8);
            if (kind == 0)
                text += random.byte();
            else if (kind < 4)
                text += std::string(random.below(12), 'a');
            else
                text += encode_utf8(static_cast<std::uint32_t>(random.below(0x110000)));
        }
        ASSERT_TRUE(agrees_whole(text));
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            ASSERT_TRUE(agrees_cut_at(cut, text)) << "cut at " << cut;
        }
    }
}

TEST(utf8_counter, stops_behind_the_last_character_wanted) {
    const std::string text = "0123456789ab\xC3\xA9g\xF0\x9F\x98\x80z";
    const std::vector<std::size_t> ends{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 19, 20};
    for (std::size_t wanted = 0; wanted < ends.size(); ++wanted) {
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            utf8_counter counter;
            auto taken = counter.advance(bytes(text).substr(0, cut), wanted);
            if (taken == cut) taken += counter.advance(bytes(text).substr(cut), wanted);
            ASSERT_EQ(taken, ends[wanted]) << wanted << " wanted, cut at " << cut;
            ASSERT_EQ(counter.characters(), wanted);
            ASSERT_TRUE(counter.valid());
        }
    }
}

TEST(utf8_counter, does_not_look_behind_the_last_character_wanted) {
    utf8_counter counter;
    EXPECT_EQ(counter.advance("abc\xFF", 3), 3U);
    EXPECT_TRUE(counter.valid());
    EXPECT_EQ(counter.advance("\xFF", 3), 0U);
    EXPECT_TRUE(counter.valid());
}

TEST(utf8_counter, stays_invalid_after_a_wrong_byte) {
    utf8_counter counter;
    EXPECT_EQ(counter.advance("ab\xFFgh"), 2U);
    EXPECT_FALSE(counter.valid());
    EXPECT_EQ(counter.advance("more"), 0U);
    EXPECT_EQ(counter.characters(), 2U);
}

TEST(count_utf8, counts_whole_text_or_says_that_it_is_none) {
    EXPECT_EQ(count_utf8(""), 0U);
    EXPECT_EQ(count_utf8("h\xC3\xA9llo w\xC3\xB6rld"), 11U);
    EXPECT_EQ(count_utf8("\xF0\x9F\x98\x80"), 1U);
    EXPECT_EQ(count_utf8("abc\xC3"), unknown_length);
    EXPECT_EQ(count_utf8("\xC0\x80"), unknown_length);
    EXPECT_EQ(count_utf8(bytes("\0\0", 2)), 2U);
}

}  // namespace
}  // namespace framewire::utf8_tests
