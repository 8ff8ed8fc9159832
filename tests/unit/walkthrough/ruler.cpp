#include "walkthrough/ruler.hpp"

#include "dissection.hpp"
#include "shown_columns.hpp"

#include "random_bytes.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::ruler_tests {
namespace {

using tests::columns_of;
using tests::framing_of;
using lines = std::vector<std::string>;

constexpr std::size_t columns_max = 78;

lines ruler(std::string_view spec, bytes stream, const std::vector<std::uint64_t>& ends = {},
            bool colour = false) {
    const auto found = tests::dissect(framing_of(spec), {stream});
    return draw_ruler(stream, 0,
                      parts_of(found.frames, found.error ? found.error_offset : unknown_length),
                      ends, colour);
}

TEST(ruler, shows_a_binary_header_in_hexadecimal) {
    const auto drawn = ruler("u16be", std::string("\0K", 2) + std::string(75, 'x'));
    EXPECT_TRUE(drawn.at(1).starts_with("byte       00 4b  x  x")) << drawn.at(1);
    const auto before = ruler("u8,magic=PK", "PK\x01!");
    EXPECT_EQ(before.at(1), "byte       50 4b 01  !");
}

TEST(ruler, of_the_walkthrough) {
    const auto drawn = ruler("digits:10", "0000000012Hello World!");
    EXPECT_EQ(drawn,
              (lines{"position    0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19"
                     " 20 21",
                     "byte        0  0  0  0  0  0  0  0  1  2  H  e  l  l  o  ␣  W  o  r  l"
                     "  d  !",
                     "           |------- header (10) -------| |--------- payload (12) ------"
                     "----|"}));
}

TEST(ruler, of_a_part_that_goes_on_in_the_next_row_is_open_there) {
    const auto drawn = ruler("digits:2", "24This is a longer message", {1, 26});
    EXPECT_EQ(drawn,
              (lines{"position    0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19"
                     " 20 21",
                     "byte        2  4  T  h  i  s  ␣  i  s  ␣  a  ␣  l  o  n  g  e  r  ␣  m"
                     "  e  s",
                     "           |-h-| |---------------------- payload (24) -----------------"
                     "-----",
                     "            1 |----------------------- chunk 2 (25) ------------------"
                     "------",
                     "", "position   22 23 24 25", "byte        s  a  g  e",
                     "           -payload--|", "           -chunk 2--|"}));
}

TEST(ruler, shows_wide_characters_below_their_first_byte) {
    const auto drawn = ruler("digits:2", "10\xC3\xA9\xE6\x97\xA5x\xF0\x9F\x8E\x89");
    EXPECT_EQ(drawn[1], "byte        1  0 c3 a9 e6 97 a5  x f0 9f 8e 89");
    EXPECT_EQ(drawn[2], "text              é    日          🎉");
}

TEST(ruler, has_no_row_for_text_where_no_character_can_be_shown_alone) {
    EXPECT_EQ(ruler("digits:2", "02\xC2\x85").size(), 3U);  // a control character
    EXPECT_EQ(ruler("digits:2", "02\xCC\x81").size(), 3U);  // one that combines
    EXPECT_EQ(ruler("digits:2", "01\xFF").size(), 3U);
}

TEST(ruler, shows_a_character_that_ends_in_the_next_row) {
    const auto drawn = ruler("digits:2", "24" + std::string(19, 'x') + "\xE6\x97\xA5xx");
    EXPECT_EQ(columns_of(drawn[2]), 76U);
    EXPECT_TRUE(drawn[2].ends_with(" 日"));
}

TEST(ruler, marks_what_is_wrong) {
    const auto in_header = ruler("digits:4", "000x123");
    EXPECT_EQ(in_header[2], "           |header|  ^");
    const auto too_large = ruler("digits:4,max=2", "0003abc");
    EXPECT_EQ(too_large[2], "           |--wrong--|");
    const auto later = ruler("netstring", "2:hi;2:hi,");
    EXPECT_EQ(later[2], "           |-h-| |-p-|  ^");
}

TEST(ruler, has_room_for_large_positions) {
    const std::string stream(20, 'x');
    const auto drawn = draw_ruler(stream, 1234567, {{"payload", 1234560, 1234600}}, {}, false);
    EXPECT_EQ(drawn[0],
              "position   1234567 1234568 1234569 1234570 1234571 1234572 1234573 1234574");
    EXPECT_EQ(drawn[2].size(), columns_of(drawn[0]));
    EXPECT_EQ(drawn[3], "");
    EXPECT_EQ(drawn[4].substr(0, 19), "position   1234575 ");
}

TEST(ruler, numbers_chunks_of_one_byte_as_far_as_there_is_room) {
    const std::string stream(101, 'x');
    std::vector<std::uint64_t> ends;
    for (std::uint64_t end = 1; end <= stream.size(); ++end) ends.push_back(end);
    const auto two = draw_ruler(stream.substr(0, 22), 0, {}, ends, false);
    EXPECT_EQ(two[2].substr(0, 19), "            1  2  3");
    EXPECT_TRUE(two[2].ends_with(" 20 21 22")) << two[2];
    EXPECT_EQ(columns_of(two[2]), columns_of(two[1]));
    const auto three = draw_ruler(stream, 0, {}, ends, false);
    EXPECT_EQ(three[2].substr(0, 23), "           |1| |2| |3| ");
    EXPECT_TRUE(three[2].ends_with("|8| |9|  10  11  12  13  14  15  16  17")) << three[2];
    EXPECT_TRUE(three.back().ends_with("  97  98  99 100 101")) << three.back();
    for (const auto& line : three) EXPECT_LE(columns_of(line), columns_max) << line;
}

TEST(ruler, of_nothing_is_nothing) { EXPECT_EQ(draw_ruler("", 0, {}, {}, false), lines{}); }

// Where in a row a byte's cell ends, as its position is written there.
std::size_t end_of_cell(const std::string& positions, std::uint64_t at) {
    const auto text = ' ' + std::to_string(at);
    const auto found = (positions + ' ').find(text + ' ');
    return found == std::string::npos ? 0 : found + text.size();
}

// The first row that a byte stands in.
std::size_t row_of(const lines& drawn, std::uint64_t at) {
    for (std::size_t row = 0; row < drawn.size(); ++row) {
        if (drawn[row].starts_with("position") && end_of_cell(drawn[row], at) != 0) return row;
    }
    return drawn.size();
}

void expect_straight(const lines& drawn, bytes stream, std::uint64_t offset,
                     const std::vector<stretch>& named) {
    for (const auto& line : drawn) EXPECT_LE(columns_of(line), columns_max) << line;
    for (std::uint64_t at = offset; at < offset + stream.size(); ++at) {
        const auto row = row_of(drawn, at);
        ASSERT_LT(row, drawn.size()) << at;
        const auto end = end_of_cell(drawn[row], at);
        const auto glyph = tests::shown_at(drawn[row + 1], end);
        const char byte = stream[static_cast<std::size_t>(at - offset)];
        const bool is_plain = byte > ' ' && byte <= '~';
        EXPECT_TRUE(!is_plain || glyph == std::string(1, byte)) << at;
        EXPECT_TRUE(byte != ' ' || glyph == "␣") << at;
    }
    for (const auto& part : named) {
        if (part.end - part.begin < 3 || part.begin < offset) continue;
        const auto row = row_of(drawn, part.begin);
        if (end_of_cell(drawn[row], part.begin + 1) == 0) continue;  // no room for a border
        auto bar = row + 2;
        if (drawn[bar].starts_with("text")) ++bar;
        const auto cell = end_of_cell(drawn[row], offset + stream.size() - 1);
        EXPECT_LE(columns_of(drawn[bar]), cell == 0 ? columns_max : cell);
        const auto width = end_of_cell(drawn[0], offset + 1) - end_of_cell(drawn[0], offset);
        const auto first = end_of_cell(drawn[row], part.begin) - width + 1;
        EXPECT_EQ(drawn[bar].at(first), '|') << drawn[bar];
        const auto last = end_of_cell(drawn[row], part.end - 1);
        EXPECT_TRUE(last == 0 || drawn[bar].at(last - 1) == '|') << drawn[bar];
    }
}

TEST(ruler, is_straight_whatever_it_shows) {
    tests::random_bytes random(2);
    for (const std::uint64_t offset : {0U, 5U, 90U, 985U, 1000U, 99'990U, 12'345'678U}) {
        for (int round = 0; round < 40; ++round) {
            std::string stream = "ab";
            const auto size = 2 + random.below(120);
            while (stream.size() < size) {
                const auto kind = random.below(6);
                stream += kind == 0   ? "\xE6\x97\xA5"
                          : kind == 1 ? "\xC3\xA9"
                          : kind == 2 ? std::string(1, random.byte())
                          : kind == 3 ? " "
                                      : random.letters(3);
            }
            const auto end = offset + stream.size();
            const auto first = offset + random.below(stream.size());
            const auto second = first + random.below(static_cast<std::size_t>(end - first) + 1);
            const std::vector<stretch> named{
                {"header", offset, first}, {"payload", first, second}, {"trailer", second, end}};
            const auto plain = draw_ruler(stream, offset, named, {first, end}, false);
            expect_straight(plain, stream, offset, named);
            const auto coloured = draw_ruler(stream, offset, named, {first, end}, true);
            ASSERT_EQ(coloured.size(), plain.size());
            for (std::size_t at = 0; at < plain.size(); ++at) {
                EXPECT_EQ(tests::without_colour(coloured[at]), plain[at]);
            }
        }
    }
}

TEST(ruler, colours_bytes_by_their_part) {
    const auto drawn = ruler("netstring", "1:a,", {}, true);
    EXPECT_EQ(drawn[1],
              "byte        \x1b[36m1\x1b[0m  \x1b[36m:\x1b[0m  \x1b[32ma\x1b[0m  "
              "\x1b[33m,\x1b[0m");
}

}  // namespace
}  // namespace framewire::ruler_tests
