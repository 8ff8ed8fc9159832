#include "framewire/codec/delimiter.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::delimiter_tests {
namespace {

using namespace std::string_view_literals;
using tests::encoded;
using tests::frames;
using tests::read;
using tests::refusal;

TEST(delimiter, frames_look_like_this) {
    EXPECT_EQ(encoded(R"(delimiter:\r\n)", "Hello"), "Hello\r\n");
    EXPECT_EQ(encoded("delimiter:end", ""), "end");
    EXPECT_EQ(read(R"(delimiter:\r\n)", "Hello\r\n\r\na\nb\r\rc\r\n"),
              frames({{"Hello", 0}, {"", 7}, {"a\nb\r\rc", 9}}));
    EXPECT_EQ(read(R"(delimiter:\0)", "Hello\0\0hi\0"sv),
              frames({{"Hello", 0}, {"", 6}, {"hi", 7}}));
}

TEST(delimiter, refuses_payloads_that_would_be_read_as_others) {
    EXPECT_EQ(refusal("delimiter:aab", "aab"), errc::frame_delimiter);
    EXPECT_EQ(refusal("delimiter:aab", "xaabx"), errc::frame_delimiter);
    EXPECT_EQ(refusal("delimiter:aab", "xa"), std::nullopt);
    EXPECT_EQ(read("delimiter:aab", "xaaab"), frames({{"xa", 0}}));
    EXPECT_EQ(refusal("delimiter:aa", "xa"), errc::frame_delimiter);
    EXPECT_EQ(refusal("delimiter:abab", "xab"), errc::frame_delimiter);
    EXPECT_EQ(refusal("delimiter:abab", "xaba"), std::nullopt);
    EXPECT_EQ(refusal(R"(delimiter:\r\n)", "a\r"), std::nullopt);
    EXPECT_EQ(read(R"(delimiter:\r\n)", "a\r\r\n"), frames({{"a\r", 0}}));
}

}  // namespace
}  // namespace framewire::delimiter_tests
