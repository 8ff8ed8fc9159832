#include "framewire/core/quote.hpp"

#include "random_bytes.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::quote_tests {
namespace {

std::string escaped(bytes input, char mark) {
    std::string out = "before ";
    append_escaped(input, mark, out);
    EXPECT_TRUE(out.starts_with("before "));
    return out.substr(7);
}

TEST(append_escaped, leaves_printable_text_alone) {
    EXPECT_EQ(escaped("", '"'), "");
    EXPECT_EQ(escaped("Hello, world!", '"'), "Hello, world!");
    EXPECT_EQ(escaped("h\xC3\xA9llo \xE2\x82\xAC \xF0\x9F\x98\x80", '"'),
              "h\xC3\xA9llo \xE2\x82\xAC \xF0\x9F\x98\x80");
    EXPECT_EQ(escaped("\xC2\xA0", '"'), "\xC2\xA0");
}

TEST(append_escaped, escapes_what_disturbs_a_line_or_a_terminal) {
    EXPECT_EQ(escaped("\n\r\t", '"'), "\\n\\r\\t");
    EXPECT_EQ(escaped(bytes("\0\a\b\x1b[2J\x7f", 8), '"'), "\\x00\\x07\\x08\\x1b[2J\\x7f");
    EXPECT_EQ(escaped("\xC2\x80\xC2\x9B\xC2\x9F", '"'), "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f");
}

TEST(append_escaped, escapes_what_is_not_seen_but_reverses_hides_or_breaks_text) {
    EXPECT_EQ(escaped("a\u202Eb\u2066c\u2069", '"'),
              "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6c\\xe2\\x81\\xa9");
    EXPECT_EQ(escaped("\u00AD\u200B\uFEFF", 0), "\\xc2\\xad\\xe2\\x80\\x8b\\xef\\xbb\\xbf");
    EXPECT_EQ(escaped("\u2028\u2029", '\''), "\\xe2\\x80\\xa8\\xe2\\x80\\xa9");
    EXPECT_EQ(escaped("\U000E0041", '"'), "\\xf3\\xa0\\x81\\x81");
}

TEST(is_visible, knows_where_each_range_begins_and_ends) {
    for (const bytes one :
         {"a", " ", "~", "\u00A0", "\u00AC", "\u00AE", "\u061B", "\u200A", "\u2010", "\u2027",
          "\u202F", "\u205F", "\u2070", "\uFEFE", "\U000DFFFF", "\U000E1000", "\U0010FFFF"}) {
        EXPECT_TRUE(is_visible(one)) << hex(one);
    }
    for (const bytes one : {"\x1F", "\x7F", "\u0080", "\u009F", "\u00AD", "\u0600", "\u0605",
                            "\u061C", "\u200B", "\u200F", "\u2028", "\u202E", "\u2060", "\u206F",
                            "\uFEFF", "\U000E0000", "\U000E0FFF"}) {
        EXPECT_FALSE(is_visible(one)) << hex(one);
    }
}

TEST(append_escaped, escapes_the_mark_and_the_backslash_only_where_there_is_a_mark) {
    EXPECT_EQ(escaped("a\"b'c\\d", '"'), "a\\\"b'c\\\\d");
    EXPECT_EQ(escaped("a\"b'c\\d", '\''), "a\"b\\'c\\\\d");
    EXPECT_EQ(escaped("a\"b'c\\d", 0), "a\"b'c\\d");
    EXPECT_EQ(escaped("\n\x1b", 0), "\\n\\x1b");
}

TEST(append_escaped, escapes_bytes_that_are_not_utf8_and_goes_on_behind_them) {
    EXPECT_EQ(escaped("a\xFF\xC3\xA9", '"'), "a\\xff\xC3\xA9");
    EXPECT_EQ(escaped("\xC3", '"'), "\\xc3");
    EXPECT_EQ(escaped("\xC3(", '"'), "\\xc3(");
    EXPECT_EQ(escaped("\xE2\x82", '"'), "\\xe2\\x82");
    EXPECT_EQ(escaped("\xED\xA0\x80", '"'), "\\xed\\xa0\\x80");
    EXPECT_EQ(escaped("\xC0\xAF", '"'), "\\xc0\\xaf");
    EXPECT_EQ(escaped("\xF4\x90\x80\x80", '"'), "\\xf4\\x90\\x80\\x80");
}

TEST(append_escaped, never_lets_a_control_byte_through) {
    tests::random_bytes random(20);
    for (int round = 0; round < 500; ++round) {
        const auto text = random.any(random.below(64));
        for (const char mark : {'"', '\'', '\0'}) {
            const auto out = escaped(text, mark);
            for (std::size_t i = 0; i < out.size(); ++i) {
                const auto value = static_cast<unsigned char>(out[i]);
                ASSERT_FALSE(value < 0x20 || value == 0x7F);
                const bool c1 = value == 0xC2 && i + 1 < out.size() &&
                                static_cast<unsigned char>(out[i + 1]) < 0xA0;
                ASSERT_FALSE(c1);
            }
        }
    }
}

TEST(quote, puts_double_quotes_around_it) {
    EXPECT_EQ(quote(""), "\"\"");
    EXPECT_EQ(quote("say \"hi\""), "\"say \\\"hi\\\"\"");
    EXPECT_EQ(quote("it's"), "\"it's\"");
}

TEST(quote, marks_what_it_leaves_out_behind_the_closing_quote) {
    EXPECT_EQ(quote("Hello", 5), "\"Hello\"");
    EXPECT_EQ(quote("Hello", 4), "\"Hell\"...");
    EXPECT_EQ(quote("Hello", 0), "\"\"...");
    EXPECT_EQ(quote("", 0), "\"\"");
    EXPECT_EQ(quote("h\xC3\xA9", 2), "\"h\\xc3\"...");
}

TEST(hex, writes_pairs_of_digits_with_blanks_between) {
    EXPECT_EQ(hex(""), "");
    EXPECT_EQ(hex(bytes("\0", 1)), "00");
    EXPECT_EQ(hex("0Az\xff\x1b"), "30 41 7a ff 1b");
    EXPECT_EQ(hex("abc", 2), "61 62 ...");
    EXPECT_EQ(hex("ab", 2), "61 62");
}

}  // namespace
}  // namespace framewire::quote_tests
