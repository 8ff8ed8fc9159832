#include "framewire/codec/mllp.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::mllp_tests {
namespace {

using tests::encoded;
using tests::failure;
using tests::frames;
using tests::read;
using tests::refusal;

TEST(mllp, frames_look_like_this) {
    EXPECT_EQ(encoded("mllp", "MSH|"), "\x0BMSH|\x1C\r");
    EXPECT_EQ(encoded("mllp", ""), "\x0B\x1C\r");
    EXPECT_EQ(read("mllp", "\x0BMSH|\x1C\r\x0B\x1C\r\x0B\x0B\r\x1C\x1C\x1C\r"),
              frames({{"MSH|", 0}, {"", 7}, {"\x0B\r\x1C\x1C", 10}}));
}

TEST(mllp, every_byte_where_a_frame_should_begin) {
    for (unsigned value = 0; value < 256; ++value) {
        if (value == 0x0B) continue;
        const auto byte = static_cast<char>(value);
        EXPECT_EQ(read("mllp", byte + std::string("MSH|\x1C\r")), failure(errc::frame_syntax, 0));
        EXPECT_EQ(read("mllp", std::string("\x0B\x1C\r") + byte),
                  failure(errc::frame_syntax, 3, {{"", 0}}));
    }
}

TEST(mllp, refuses_payloads_that_would_be_read_as_others) {
    EXPECT_EQ(refusal("mllp", "\x1C\r"), errc::frame_delimiter);
    EXPECT_EQ(refusal("mllp", "a\x1C\rb"), errc::frame_delimiter);
    EXPECT_EQ(refusal("mllp", "a\x1C"), std::nullopt);
    EXPECT_EQ(refusal("mllp", "\r\x0B"), std::nullopt);
}

}  // namespace
}  // namespace framewire::mllp_tests
