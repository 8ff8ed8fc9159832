#include "framewire/core/escapes.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::escapes_tests {
namespace {

TEST(unescape, leaves_text_without_backslashes_alone) {
    EXPECT_EQ(unescape("").value(), "");
    EXPECT_EQ(unescape("h\u00e9llo, \"you\"\x01\n").value(), "h\u00e9llo, \"you\"\x01\n");
}

TEST(unescape, reads_every_escape) {
    EXPECT_EQ(unescape(R"(\r\n\t\\\0z)").value(), std::string("\r\n\t\\\0z", 6));
    EXPECT_EQ(unescape(R"(\x02hello\x03\xfF)").value(), "\x02hello\x03\xff");
    EXPECT_EQ(unescape(R"(\x414)").value(), "A4");
    EXPECT_EQ(unescape(R"(\\n)").value(), R"(\n)");
}

TEST(unescape, writes_characters_in_utf8) {
    EXPECT_EQ(unescape(R"(h\u00e9llo \u20AC)").value(), "h\u00e9llo \u20ac");
    EXPECT_EQ(
        unescape(R"(\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff)").value(),
        std::string("\0\x7f\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF", 18));
}

TEST(unescape, says_where_there_is_no_escape) {
    EXPECT_EQ(unescape(R"(C:\dir)").error().message(),
              R"("C:\\dir": at 2: this backslash begins no escape)");
    EXPECT_NE(unescape(R"(\d)").error().hint, "");
    for (const auto* wrong :
         {R"(\)", R"(\\\)", R"(\a)", R"(\R)", R"(\,)", R"(\x)", R"(\x0)", R"(\x0g)", R"(\x+1)",
          R"(\u)", R"(\u00e)", R"(\u00eg)", R"(\ud800)", R"(\udfff)", R"(\U000e)", R"(\u-00e)"}) {
        EXPECT_FALSE(unescape(wrong)) << wrong;
    }
}

TEST(parse_hex, reads_pairs) {
    EXPECT_EQ(parse_hex("").value(), "");
    EXPECT_EQ(parse_hex("02 48 69 fF").value(), "\x02Hi\xff");
    EXPECT_EQ(parse_hex("02:48:69").value(), "\x02Hi");
    EXPECT_EQ(parse_hex(" 024869  00").value(), std::string("\x02Hi\0", 4));
}

TEST(parse_hex, says_where_there_are_no_digits) {
    EXPECT_EQ(parse_hex("02 4").error().message(),
              R"("02 4": at 3: expected two hexadecimal digits)");
    for (const auto* wrong : {"0", "0x02", "02 g1", "2 48", "0 2", "02-48", "+1", "-1"}) {
        EXPECT_FALSE(parse_hex(wrong)) << wrong;
    }
}

TEST(take_unescaped, takes_one_at_a_time) {
    std::string_view text = R"(a\,\n)";
    std::string out;
    EXPECT_TRUE(take_unescaped(text, out, ","));
    EXPECT_EQ(text, R"(\,\n)");
    EXPECT_TRUE(take_unescaped(text, out, ","));
    EXPECT_TRUE(take_unescaped(text, out, ","));
    EXPECT_EQ(out, "a,\n");
    EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace framewire::escapes_tests
