// What a header says when it is read with the layout of another framing, and whether a stream
// consists of frames of that layout.

#include "codec/length_reading.hpp"

#include <gtest/gtest.h>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire::length_reading_tests {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr std::uint64_t huge = ~std::uint64_t{0};

length_layout digits(std::size_t width) { return {.written = notation::digits, .width = width}; }
length_layout hex(std::size_t width) { return {.written = notation::hex, .width = width}; }
length_layout bcd(std::size_t width) { return {.written = notation::bcd, .width = width}; }
length_layout binary(std::size_t width) { return {.written = notation::binary, .width = width}; }
length_layout varint(std::size_t width) { return {.written = notation::varint, .width = width}; }

length_layout up_to(std::string terminator) {
    return {.written = notation::terminated, .terminator = std::move(terminator)};
}

length_layout padded_right(std::size_t width) {
    auto layout = digits(width);
    layout.padded_right = true;
    return layout;
}

length_layout padded_left(std::size_t width) {
    auto layout = digits(width);
    layout.padded_left = true;
    return layout;
}

length_layout adjusted(length_layout layout, std::int64_t adjust) {
    layout.adjust = adjust;
    return layout;
}

length_layout after(std::string magic, std::size_t offset, length_layout layout) {
    layout.magic = std::move(magic);
    layout.offset = offset;
    return layout;
}

void expect_header(const length_layout& layout, bytes input, std::size_t header_bytes,
                   std::uint64_t value, std::optional<std::uint64_t> left = std::nullopt) {
    const auto found = read_length(layout, input);
    ASSERT_TRUE(found) << testing::PrintToString(input);
    EXPECT_EQ(found->header_bytes, header_bytes) << testing::PrintToString(input);
    EXPECT_EQ(found->value, value) << testing::PrintToString(input);
    EXPECT_EQ(found->payload_left, left.value_or(value)) << testing::PrintToString(input);
}

void expect_none(const length_layout& layout, std::initializer_list<std::string_view> inputs) {
    for (const auto input : inputs) {
        EXPECT_FALSE(read_length(layout, input)) << testing::PrintToString(input);
    }
}

TEST(length_reading, of_digits_that_fill_their_width) {
    expect_header(digits(4), "0005Hello", 4, 5);
    expect_header(digits(19), "9223372036854775808", 19, std::uint64_t{1} << 63U);
    expect_none(digits(4), {"005", "", "00 5Hello", "-005", "000:", "000/"});
    expect_none(digits(20), {"00000000000000000005"});  // more than any 64 bits hold
    expect_none(digits(0), {"", "5"});
}

TEST(length_reading, of_digits_and_spaces) {
    expect_header(padded_right(4), "5   Hello", 4, 5);
    expect_header(padded_right(4), "1234Hello", 4, 1234);
    expect_none(padded_right(4), {"5 6 ", "    ", " 5  ", "5  x"});
    expect_header(padded_left(4), "   5Hello", 4, 5);
    expect_header(padded_left(4), "1234Hello", 4, 1234);
    expect_none(padded_left(4), {"5   ", "    ", " 5 6"});
}

TEST(length_reading, of_hexadecimal_digits) {
    expect_header(hex(4), "00fFrest", 4, 255);
    expect_header(hex(2), "9A", 2, 0x9A);
    expect_none(hex(2), {"f", "0g", "0G", "0\x11", "0:", "0@", "0\xFF"});
}

TEST(length_reading, of_two_decimal_digits_in_a_byte) {
    expect_header(bcd(2), "\x12\x34", 2, 1234);
    expect_header(bcd(2), "\x00\x99rest"sv, 2, 99);
    expect_none(bcd(2), {"\x12", "\x1A\x00"sv, "\xA1\x00"sv, "\x12\x3F"});
}

TEST(length_reading, of_an_integer) {
    expect_header(binary(2), "\1\2rest", 2, 0x0102);
    auto little = binary(3);
    little.little_endian = true;
    expect_header(little, "\1\2\3", 3, 0x030201);
    auto masked = binary(2);
    masked.mask = 0x3FFF;
    expect_header(masked, "\xC0\x05", 2, 5);
    expect_none(binary(2), {"", "\1"});
}

TEST(length_reading, of_a_varint) {
    expect_header(varint(5), "\x05Hello", 1, 5);
    expect_header(varint(5), "\xAC\x02", 2, 300);
    expect_header(varint(10), "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 9, huge >> 1U);
    expect_none(varint(10), {"", "\x80", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"});
    expect_none(varint(2), {"\x80\x80\x01"});
}

TEST(length_reading, of_digits_up_to_a_terminator) {
    expect_header(up_to(":"), "5:hello,", 2, 5);
    expect_header(up_to("\r\n"), "0\r\n", 3, 0);
    expect_header(up_to(" "), "12 rest", 3, 12);
    expect_none(up_to(":"), {"5", ":", "05:", "5 :", "00000000000000000005:"});
    auto second_word = up_to("\r\n");
    second_word.word = 2;
    expect_none(second_word, {"5\r\n"});
}

TEST(length_reading, of_headers_without_one_number) {
    expect_none({.written = notation::none, .payload_size = 4}, {"", "abcd"});
    expect_none({.written = notation::fields}, {"Content-Length: 5\r\n\r\n"});
}

TEST(length_reading, after_other_bytes_of_the_header) {
    expect_header(after("\3", 2, binary(2)), "\3\0\0\5Hello"sv, 4, 5);
    expect_none(after("\3", 2, binary(2)), {"\4\0\0\5Hello"sv, "", "\3", "\3\0\0"sv});
    expect_header(after("", 1, digits(2)), "x05", 3, 5);
    expect_none(after("", 1, digits(2)), {"", "x", "x0"});
}

TEST(length_reading, with_what_is_added_to_it) {
    expect_header(adjusted(binary(1), 3), "\5", 1, 5, 8);
    expect_header(adjusted(binary(1), -3), "\5", 1, 5, 2);
    expect_header(adjusted(binary(1), -5), "\5", 1, 5, 0);
    expect_none(adjusted(binary(1), -6), {"\5"});
    expect_header(adjusted(binary(8), -1), "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8, huge, huge - 1);
    expect_none(adjusted(binary(8), 1), {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"});
}

bool is_whole(const length_layout& layout, bytes stream, bytes after_each = {}) {
    return ends_with_a_frame(layout, {stream, stream.size()}, after_each);
}

TEST(length_reading, of_streams_that_end_with_a_frame) {
    EXPECT_TRUE(is_whole(digits(2), "05Hello"));
    EXPECT_TRUE(is_whole(digits(2), "05Hello02hi"));
    for (const auto stream : {"", "0", "05Hell", "05Helloo", "05Hello02h", "05Hellohi", "99"}) {
        EXPECT_FALSE(is_whole(digits(2), stream)) << stream;
    }
}

// A length of zeros is in any binary stream, and tells nothing.
TEST(length_reading, of_empty_frames_is_no_evidence) {
    EXPECT_FALSE(is_whole(digits(2), "00"));
    EXPECT_FALSE(is_whole(digits(2), "05Hello00"));
    auto with_lead = after("", 1, binary(1));
    with_lead.lead = 1;
    EXPECT_TRUE(is_whole(with_lead, "Q\0"sv));
}

TEST(length_reading, of_streams_with_trailers) {
    auto netstring = up_to(":");
    netstring.trailer = ",";
    netstring.trailer_size = 1;
    EXPECT_TRUE(is_whole(netstring, "5:hello,2:hi,"));
    EXPECT_FALSE(is_whole(netstring, "5:hello"));
    EXPECT_FALSE(is_whole(netstring, "5:hello;"));
    EXPECT_FALSE(is_whole(netstring, "5:hello;2:hi,"));
    auto any_trailer = binary(1);
    any_trailer.trailer_size = 2;
    EXPECT_TRUE(is_whole(any_trailer, "\2hi??"));
}

TEST(length_reading, of_streams_with_something_after_each_frame) {
    EXPECT_TRUE(is_whole(digits(2), "05Hello\r\n02hi\r\n", "\r\n"));
    EXPECT_FALSE(is_whole(digits(2), "05Hello\r\n02hi", "\r\n"));
    EXPECT_FALSE(is_whole(digits(2), "05Hello..02hi..", "\r\n"));
    EXPECT_FALSE(is_whole(digits(2), "05Hello", "\n"));
}

TEST(length_reading, of_streams_whose_end_is_not_known) {
    EXPECT_TRUE(ends_with_a_frame(digits(2), {"05He", 7}));
    EXPECT_FALSE(ends_with_a_frame(digits(2), {"05He", 8}));
    EXPECT_FALSE(ends_with_a_frame(digits(2), {"05He", 6}));
    EXPECT_FALSE(ends_with_a_frame(digits(2), {"05He", 8}, "\n"));  // whether it is there
}

TEST(length_reading, of_streams_whose_characters_are_counted) {
    auto characters = digits(2);
    characters.unit = counting::in_characters;
    EXPECT_TRUE(is_whole(characters, "02\xC3\xA9\xC3\xA9"));
    EXPECT_FALSE(is_whole(characters, "04\xC3\xA9\xC3\xA9"));
    EXPECT_FALSE(is_whole(characters, "02\xC3\xA9\xC3"));
    EXPECT_FALSE(is_whole(characters, "02\xC3\xC3"));
    // They cannot be counted in bytes that are not there.
    EXPECT_FALSE(ends_with_a_frame(characters, {"02\xC3\xA9", 6}));
}

}  // namespace
}  // namespace framewire::length_reading_tests
