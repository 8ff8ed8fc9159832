#include "framewire/codec/ber.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::ber_tests {
namespace {

using namespace std::string_view_literals;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;
using offsets = std::initializer_list<std::pair<bytes, std::uint64_t>>;

TEST(ber, a_payload_is_one_encoding) {
    for (const auto value :
         {"\x05\0"sv, "\x02\x01\x05"sv, "\x04\x82\0\x02Hi"sv, "\x04\x84\0\0\0\x02Hi"sv,
          "\x04\x88\0\0\0\0\0\0\0\x02Hi"sv,
          "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\0\x80\0"sv, "\x1f\x1f\x01x"sv,
          "\x9f\xff\xff\xff\x7f\0"sv, "\x30\x80\0\0"sv,
          "\x30\x80\x24\x80\x04\x02Hi\0\0\x3f\x81\x01\x80\x05\0\0\0\0\0"sv, "\x30\x02\0\x01"sv}) {
        const std::string one(value);
        EXPECT_EQ(
            read("ber", one + std::string("\x05\0"sv) + one),
            frames({{one, 0}, {std::string("\x05\0"sv), one.size()}, {one, one.size() + 2}}));
        EXPECT_EQ(tests::encoded("ber", one), one);
        EXPECT_EQ(refusal("ber", one + one), errc::frame_wrong_size);
        EXPECT_EQ(refusal("ber", value.substr(0, value.size() - 1)), errc::frame_wrong_size);
    }
}

TEST(ber, refuses_tags_that_are_none) {
    for (const auto& [stream, offset] :
         offsets{{"\0\0"sv, 0}, {"\x1f\x80\x01\0"sv, 1}, {"\x1f\xff\xff\xff\xff"sv, 4}}) {
        EXPECT_EQ(read("ber", stream), failure(errc::frame_syntax, offset));
        EXPECT_EQ(refusal("ber", stream), errc::frame_syntax);
    }
}

TEST(ber, refuses_lengths_that_are_none) {
    for (const auto& [stream, offset] : offsets{{"\x04\x80"sv, 1},
                                                {"\x04\x89"sv, 1},
                                                {"\x04\xff"sv, 1},
                                                {"\x30\x80\0\x01"sv, 3},
                                                {"\x30\x80\0\x80"sv, 3}}) {
        EXPECT_EQ(read("ber", stream), failure(errc::frame_length_syntax, offset));
    }
}

TEST(ber, indefinite_lengths_are_nested_128_deep) {
    std::string deep;
    for (int depth = 0; depth < 128; ++depth) deep += "\x30\x80";
    const auto decoder = tests::framing_of("ber").decoder();
    EXPECT_EQ(tests::read_whole(decoder, deep + "\x30\x80"),
              failure(errc::frame_length_syntax, 257));
    EXPECT_EQ(
        message("ber", deep + "\x30\x80"),
        R"(frame.length_syntax at 257: "\x80" where no deeper nesting than 128 was expected)");
    const auto whole = deep + std::string(256, '\0');
    EXPECT_EQ(tests::read_whole(decoder, whole), frames({{whole, 0}}));
}

TEST(ber, too_large_is_known_when_it_is_announced) {
    EXPECT_EQ(read("ber,max=4", "\x04\x02Hi"), frames({{"\x04\x02Hi", 0}}));
    EXPECT_EQ(read("ber,max=4", "\x05\0\x04\x03"sv),
              failure(errc::frame_too_large, 2, {{std::string("\x05\0"sv), 0}}));
    EXPECT_EQ(read("ber,max=4", "\x30\x80\x05\0\0"sv), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("ber", "\x04\x84\xff\xff\xff\xff", 1 << 20), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("ber,oversize=skip", "\x04\x88\x40\0\0\0\0\0\0\x01"sv),
              failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("ber,max=4,oversize=skip", "\x04\x03Hey\x04\x02Hi"),
              frames({{"", 0, true}, {"\x04\x02Hi", 5}}));
}

TEST(ber, errors_name_what_was_expected) {
    EXPECT_EQ(message("ber", "\0a"sv),
              R"(frame.syntax at 0: "\x00a" where an identifier of BER was expected)");
    EXPECT_EQ(message("ber", "\x1f\x80"), R"(frame.syntax at 1: "\x80" where a tag number of at )"
                                          "most 4 bytes was expected");
    EXPECT_EQ(message("ber", "\x04\xff"), R"(frame.length_syntax at 1: "\xff" where a length of )"
                                          "at most 8 bytes was expected");
    EXPECT_EQ(message("ber", "\x30\xff"), R"(frame.length_syntax at 1: "\xff" where a length of )"
                                          "at most 8 bytes, or none was expected");
    EXPECT_EQ(message("ber", "\x30\x80\0a"sv),
              R"(frame.length_syntax at 3: "a" where the second byte of an end of contents was )"
              "expected");
    EXPECT_EQ(message("ber", "\0\0\0\0"sv),
              R"(frame.syntax at 0: "\x00\x00\x00\x00" where an identifier of BER was expected; )"
              "nothing but zero bytes");
    EXPECT_EQ(truncation("ber", "\x04\x03Hi"),
              "frame.truncated at 4: the stream ended after 4 bytes of a BER encoding, before the "
              R"(end of its contents: "\x04\x03Hi")");
    EXPECT_EQ(truncation("ber", "\x04\x82"),
              "frame.truncated at 2: the stream ended after 2 bytes of a BER encoding, before a "
              R"(length: "\x04\x82")");
}

TEST(ber, says_how_much_is_missing_at_least) {
    for (const auto& [stream, wanted] : offsets{{"\x1f", 2},
                                                {"\x04", 1},
                                                {"\x04\x03", 3},
                                                {"\x04\x03H", 2},
                                                {"\x04\x82", 2},
                                                {"\x30\x80", 2},
                                                {"\x30\x80\x30\x80", 4},
                                                {"\x30\x80\0"sv, 1}}) {
        tests::stream_reader reader(tests::framing_of("ber").decoder());
        EXPECT_TRUE(reader.feed(stream));
        EXPECT_EQ(reader.wanted(), wanted) << stream;
    }
}

}  // namespace
}  // namespace framewire::ber_tests
