#include "framewire/codec/cobs.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::cobs_tests {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using tests::encoded;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::truncation;

std::string written(bytes payload) { return encoded("cobs", payload); }

// The examples of Cheshire and Baker, and of everybody since.
TEST(cobs, frames_look_like_this) {
    EXPECT_EQ(written(""), "\x01\0"sv);
    EXPECT_EQ(written("\0"sv), "\x01\x01\0"sv);
    EXPECT_EQ(written("\0\0"sv), "\x01\x01\x01\0"sv);
    EXPECT_EQ(written("\x11\x22\0\x33"sv), "\x03\x11\x22\x02\x33\0"sv);
    EXPECT_EQ(written("\x11\0\0\0"sv), "\x02\x11\x01\x01\x01\0"sv);
    EXPECT_EQ(read("cobs", "\x03\x11\x22\x02\x33\0\0\0\x01\0\x02x\0"sv),
              frames({{"\x11\x22\0\x33"s, 0}, {"", 8}, {"x", 10}}));
}

TEST(cobs, a_block_has_at_most_254_bytes) {
    const std::string full(254, 'x');
    const auto same = [&](const std::string& payload, const std::string& frame) {
        EXPECT_EQ(written(payload), frame);
        EXPECT_EQ(read("cobs", frame), frames({{payload, 0}}));
    };
    same(full, "\xFF" + full + '\0');
    same(full + "y", "\xFF" + full + "\x02y" + '\0');
    same(full + '\0', "\xFF" + full + "\x01\x01" + '\0');
    same(full.substr(1) + '\0', "\xFE" + full.substr(1) + "\x01" + '\0');
    // Some write an empty block after a full one.
    EXPECT_EQ(read("cobs", "\xFF" + full + "\x01" + '\0'), frames({{full, 0}}));
}

TEST(cobs, a_zero_ends_no_block_before_it_is_full) {
    EXPECT_EQ(read("cobs", "\x03x\0"sv), failure(errc::frame_syntax, 2));
    EXPECT_EQ(message("cobs", "\x03x\0"sv),
              "frame.syntax at 2: a zero inside a block, where 1 more bytes were announced");
    EXPECT_EQ(truncation("cobs", "\x03x"),
              "frame.truncated at 2: the stream ended after 1 bytes of payload, without "
              "\"\\x00\": \"\\x03x\"");
}

TEST(cobs, bounds_hold_for_what_was_sent) {
    EXPECT_EQ(read("cobs,max=2", "\x01\x01\x01\0"sv), frames({{"\0\0"s, 0}}));
    EXPECT_EQ(read("cobs,max=2", "\x01\x01\x01\x01\0"sv), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("cobs,max=2,oversize=skip", "\x04xyz\0\x02x\0"sv),
              frames({{"", 0, true}, {"x", 5}}));
}

}  // namespace
}  // namespace framewire::cobs_tests
