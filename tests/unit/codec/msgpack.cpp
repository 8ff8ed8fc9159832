#include "framewire/codec/msgpack.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::msgpack_tests {
namespace {

using namespace std::string_view_literals;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;

// Every kind of object: its first byte, and how many bytes follow.
std::string object_of(unsigned first, std::size_t following) {
    return static_cast<char>(first) + std::string(following, '\0');
}

void expect_object(const std::string& one) {
    EXPECT_EQ(read("msgpack", one + "\x07" + one),
              frames({{one, 0}, {"\x07", one.size()}, {one, one.size() + 1}}));
    EXPECT_EQ(tests::encoded("msgpack", one), one);
    EXPECT_EQ(refusal("msgpack", one + one), errc::frame_wrong_size);
    EXPECT_EQ(refusal("msgpack", bytes(one).substr(0, one.size() - 1)), errc::frame_wrong_size);
}

TEST(msgpack, a_payload_is_one_object) {
    for (unsigned first = 0; first < 256; ++first) {
        if (first < 0x80 || first >= 0xE0) expect_object(object_of(first, 0));
        if (first >= 0x80 && first < 0x90) expect_object(object_of(first, 2 * (first - 0x80)));
        if (first >= 0x90 && first < 0xA0) expect_object(object_of(first, first - 0x90));
        if (first >= 0xA0 && first < 0xC0) expect_object(object_of(first, first - 0xA0));
    }
    for (const auto object : {"\xc0"sv,
                              "\xc2"sv,
                              "\xc3"sv,
                              "\xc4\x02Hi"sv,
                              "\xc5\0\x02Hi"sv,
                              "\xc6\0\0\0\x02Hi"sv,
                              "\xc7\x02tHi"sv,
                              "\xc8\0\x02tHi"sv,
                              "\xc9\0\0\0\x02tHi"sv,
                              "\xca\1\2\3\4"sv,
                              "\xcb\1\2\3\4\5\6\7\x08"sv,
                              "\xcc\1"sv,
                              "\xcd\1\2"sv,
                              "\xce\1\2\3\4"sv,
                              "\xcf\1\2\3\4\5\6\7\x08"sv,
                              "\xd0\1"sv,
                              "\xd1\1\2"sv,
                              "\xd2\1\2\3\4"sv,
                              "\xd3\1\2\3\4\5\6\7\x08"sv,
                              "\xd4t1"sv,
                              "\xd5t12"sv,
                              "\xd6t1234"sv,
                              "\xd7t12345678"sv,
                              "\xd8t0123456789abcdef"sv,
                              "\xd9\x02Hi"sv,
                              "\xda\0\x02Hi"sv,
                              "\xdb\0\0\0\x02Hi"sv,
                              "\xdc\0\x02\xa2Hi\x01"sv,
                              "\xdd\0\0\0\x01\xc0"sv,
                              "\xde\0\x01\x01\xa1H"sv,
                              "\xdf\0\0\0\x01\x01\x92\1\2"sv,
                              "\xc4\0"sv,
                              "\xc7\0t"sv,
                              "\xdc\0\0"sv,
                              "\x91\x91\x80"sv}) {
        expect_object(std::string(object));
    }
}

TEST(msgpack, refuses_the_byte_that_is_never_used) {
    EXPECT_EQ(read("msgpack", "\x92\x01\xc1"), failure(errc::frame_syntax, 2));
    EXPECT_EQ(refusal("msgpack", "\xc1"), errc::frame_syntax);
    EXPECT_EQ(message("msgpack", "\x92\x01\xc1"),
              R"(frame.syntax at 2: "\xc1" where an object was expected)");
}

TEST(msgpack, nesting_has_no_bound_but_the_size) {
    const auto whole = std::string(1000, '\x91') + "\xc0";
    EXPECT_EQ(tests::read_whole(tests::framing_of("msgpack").decoder(), whole),
              frames({{whole, 0}}));
}

TEST(msgpack, too_large_is_known_when_it_is_announced) {
    EXPECT_EQ(read("msgpack,max=3", "\xa2Hi\x92\x01\x02"),
              frames({{"\xa2Hi", 0}, {"\x92\x01\x02", 3}}));
    EXPECT_EQ(read("msgpack,max=3", "\xa3"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("msgpack,max=3", "\x93"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("msgpack,max=3", "\x82"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("msgpack,max=3", "\x92\x01\xcc"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("msgpack", "\xdf\xff\xff\xff\xff", 1 << 20), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("msgpack,max=3,oversize=skip", "\xa3Hey\xa2Hi"),
              frames({{"", 0, true}, {"\xa2Hi", 4}}));
}

TEST(msgpack, says_what_is_missing) {
    EXPECT_EQ(
        truncation("msgpack", "\xa3Hi"),
        "frame.truncated at 3: the stream ended after 3 bytes of a MessagePack object, before "
        R"(the end of its data: "\xa3Hi")");
    EXPECT_EQ(
        truncation("msgpack", "\xda"),
        "frame.truncated at 1: the stream ended after 1 bytes of a MessagePack object, before "
        R"(a size: "\xda")");
    tests::stream_reader reader(tests::framing_of("msgpack").decoder());
    EXPECT_TRUE(reader.feed("\x93\xda"));
    EXPECT_EQ(reader.wanted(), 4U);
}

}  // namespace
}  // namespace framewire::msgpack_tests
