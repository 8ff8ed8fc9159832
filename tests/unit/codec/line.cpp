#include "framewire/codec/line.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::line_tests {
namespace {

using tests::encoded;
using tests::frames;
using tests::read;
using tests::refusal;

TEST(line, frames_look_like_this) {
    EXPECT_EQ(encoded("line", "Hello"), "Hello\n");
    EXPECT_EQ(encoded("line", ""), "\n");
    EXPECT_EQ(encoded("line", "a\rb"), "a\rb\n");
    EXPECT_EQ(read("line", "Hello\nyou\r\n\n\r\na\rb\n\r\r\n"),
              frames({{"Hello", 0}, {"you", 6}, {"", 11}, {"", 12}, {"a\rb", 14}, {"\r", 18}}));
}

TEST(line, refuses_payloads_that_would_be_read_as_others) {
    EXPECT_EQ(refusal("line", "\n"), errc::frame_delimiter);
    EXPECT_EQ(refusal("line", "a\nb"), errc::frame_delimiter);
    EXPECT_EQ(refusal("line", "\r"), errc::frame_delimiter);
    EXPECT_EQ(refusal("line", "a\r"), errc::frame_delimiter);
    EXPECT_EQ(refusal("line", "\ra"), std::nullopt);
    EXPECT_EQ(refusal("line,max=4", "Hello"), errc::frame_too_large);
}

}  // namespace
}  // namespace framewire::line_tests
