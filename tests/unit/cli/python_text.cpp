#include "cli/python_text.hpp"

#include <gtest/gtest.h>

namespace framewire::python_text_tests {
namespace {

TEST(whole_characters, leaves_out_one_that_is_cut) {
    EXPECT_EQ(whole_characters(""), "");
    EXPECT_EQ(whole_characters("abc"), "abc");
    EXPECT_EQ(whole_characters("a\xC3\xA9"), "a\xC3\xA9");
    EXPECT_EQ(whole_characters("a\xC3"), "a");
    EXPECT_EQ(whole_characters("a\xE2\x82"), "a");
    EXPECT_EQ(whole_characters("a\xF0\x9F\x98"), "a");
    EXPECT_EQ(whole_characters("\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80");
    EXPECT_EQ(whole_characters("\xF0"), "");
}

TEST(whole_characters, keeps_bytes_that_begin_none) {
    for (const bytes wrong : {"a\xFF", "a\x80", "\x80\x80\x80\x80", "a\xC0", "a\xED\xA0"}) {
        EXPECT_EQ(whole_characters(wrong), wrong) << python_bytes(wrong);
    }
}

TEST(console_text, is_one_line) {
    EXPECT_EQ(console_text("a\tb\nc\r\x1b[2J\xFF"), "a\tb\\nc\\r\\x1b[2J\\xff");
    EXPECT_EQ(console_text("\n\t\t"), "\\n\t\t");
}

TEST(terminal_text, keeps_its_lines) {
    EXPECT_EQ(terminal_text("a\tb\nc\r\x1b[2J\xFF"), "a\tb\nc\\r\\x1b[2J\\xff");
    EXPECT_EQ(terminal_text("\n\n"), "\n\n");
}

}  // namespace
}  // namespace framewire::python_text_tests
