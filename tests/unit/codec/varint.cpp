#include "framewire/codec/varint.hpp"

#include "header_outcome.hpp"
#include "readings.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace framewire::varint_tests {
namespace {

using namespace std::string_view_literals;
using tests::begun;
using tests::complete;
using tests::encoded;
using tests::failure;
using tests::frames;
using tests::framing_of;
using tests::header_outcome;
using tests::incomplete;
using tests::message;
using tests::peeked;
using tests::read;
using tests::stream_reader;
using tests::truncation;
using tests::wrong;

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

header_outcome advanced(bytes text, std::uint64_t length_max = largest - 1) {
    return tests::advanced(varint_header{}, text, length_max);
}

// Seven bits at a time, by division.
std::string written(std::uint64_t value) {
    std::string out;
    for (; value >= 128; value /= 128) out += static_cast<char>(value % 128 + 128);
    return out + static_cast<char>(value);
}

std::uint64_t smallest_of_size(std::size_t size) { return size == 1 ? 0 : 1ULL << 7 * (size - 1); }
std::uint64_t largest_of_size(std::size_t size) {
    return size == 10 ? largest : (1ULL << 7 * size) - 1;
}

TEST(varint, frames_look_like_this) {
    EXPECT_EQ(encoded("varint", "Hello"), "\5Hello");
    EXPECT_EQ(encoded("varint", std::string(300, 'x')), "\xAC\2" + std::string(300, 'x'));
    EXPECT_EQ(read("varint", "\5Hello\0\2hi"sv), frames({{"Hello", 0}, {"", 6}, {"hi", 7}}));
    const std::string long_one(200, 'x');
    EXPECT_EQ(read("varint", "\xC8\1" + long_one + "\1a"), frames({{long_one, 0}, {"a", 202}}));
}

TEST(varint, every_length_of_one_byte_and_of_two) {
    for (std::uint64_t value = 0; value < 0x10000; ++value) {
        const auto first = value % 256;
        const auto second = value / 256;
        const std::string text{static_cast<char>(first), static_cast<char>(second)};
        auto expected = incomplete(2);
        if (first < 128) {
            expected = complete(first, 1);
        } else if (second == 0) {
            expected = wrong(errc::frame_length_syntax, 1);
        } else if (second < 128) {
            expected = complete(first - 128 + second * 128, 2);
        }
        ASSERT_EQ(advanced(text), expected) << value;
        // The way for a header that is all there may decline, but not differ.
        ASSERT_EQ(peeked(varint_header{}, text + std::string(8, '\xFF'), largest - 1),
                  expected.complete ? std::optional(expected) : std::nullopt)
            << value;
    }
}

TEST(varint, the_smallest_and_the_largest_length_of_every_size) {
    for (std::size_t size = 1; size <= 10; ++size) {
        for (const auto value : {smallest_of_size(size), smallest_of_size(size) + 1,
                                 largest_of_size(size) - 1, largest_of_size(size)}) {
            const auto text = written(value);
            ASSERT_EQ(text.size(), size);
            if (value == largest) continue;
            EXPECT_EQ(advanced(text), complete(value, size)) << value;
            EXPECT_EQ(advanced(text + "\xFF"), complete(value, size)) << value;
            EXPECT_EQ(advanced(bytes(text).substr(0, size - 1)), incomplete(size - 1)) << value;
            EXPECT_EQ(begun("varint", value), text) << value;
        }
    }
    EXPECT_EQ(advanced(written(largest)), wrong(errc::frame_too_large, 9));
}

TEST(varint, is_never_longer_than_needed) {
    for (std::size_t size = 2; size <= 10; ++size) {
        for (const char before : {'\x80', '\x81', '\xFF'}) {
            const auto text = std::string(size - 1, before) + '\0';
            EXPECT_EQ(advanced(text), wrong(errc::frame_length_syntax, size - 1)) << size;
            EXPECT_EQ(read("varint,oversize=skip", text),
                      failure(errc::frame_length_syntax, size - 1));
        }
    }
    EXPECT_EQ(advanced("\0"sv), complete(0, 1));
}

TEST(varint, every_tenth_byte) {
    for (const char before : {'\x80', '\x81', '\xFE', '\xFF'}) {
        for (unsigned value = 0; value < 256; ++value) {
            const auto text = std::string(9, before) + static_cast<char>(value);
            auto expected = wrong(errc::frame_length_syntax, 9);
            if (value > 1 && value < 128) expected = wrong(errc::frame_too_large, 9);
            if (value == 1 && before == '\xFF') expected = wrong(errc::frame_too_large, 9);
            if (value == 1 && before != '\xFF') {
                std::uint64_t length = 1;
                for (int i = 0; i < 9; ++i) length = length * 128 + (before & 0x7F);
                expected = complete(length, 10);
            }
            ASSERT_EQ(advanced(text), expected) << value;
        }
    }
}

// Of any two bytes of the ten, one of each class.
TEST(varint, classes_of_bytes_in_every_place) {
    for (std::size_t place = 0; place < 9; ++place) {
        const std::string front(place, '\x80');
        for (unsigned value = 0; value < 256; ++value) {
            const auto low = std::uint64_t{value % 128} << (7 * place);
            auto expected = complete(low, place + 1);
            if (value >= 128) expected = incomplete(place + 1);
            if (value == 0 && place > 0) expected = wrong(errc::frame_length_syntax, place);
            ASSERT_EQ(advanced(front + static_cast<char>(value)), expected)
                << place << ' ' << value;
        }
    }
}

TEST(varint, too_large_is_said_at_the_byte_that_makes_it_so) {
    for (std::size_t size = 1; size <= 10; ++size) {
        for (const auto most : {smallest_of_size(size), smallest_of_size(size) + 1,
                                largest_of_size(size) - 1, largest_of_size(size)}) {
            if (most == largest) continue;
            EXPECT_EQ(advanced(written(most), most), complete(most, size)) << most;
            const auto above = most + 1;
            std::size_t at = 0;
            for (std::uint64_t bits = 0, unit = 1; at < 10; ++at, unit *= 128) {
                bits += unit * (above / unit % 128);
                if (bits > most) break;
            }
            EXPECT_EQ(advanced(written(above), most), wrong(errc::frame_too_large, at)) << most;
        }
    }
    EXPECT_EQ(advanced("\x86", 5), wrong(errc::frame_too_large, 0));
    EXPECT_EQ(advanced("\x85\x80", 5), incomplete(2));
    EXPECT_EQ(advanced("\x85\x80\x01", 5), wrong(errc::frame_too_large, 2));
}

TEST(varint, of_what_is_wrong_in_two_ways_the_form_counts_first) {
    EXPECT_EQ(advanced("\x85\0"sv, 5), wrong(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("varint,max=5", "\1a\x85\0"sv),
              failure(errc::frame_length_syntax, 3, {{"a", 0}}));
    EXPECT_EQ(read("varint,max=5", "\1a\x85\x01"), failure(errc::frame_too_large, 2, {{"a", 0}}));
}

TEST(varint, peeks_at_nothing_that_may_be_incomplete_or_above_the_bound) {
    for (std::size_t size = 0; size < 10; ++size) {
        EXPECT_EQ(peeked(varint_header{}, std::string(size, '\1'), 100), std::nullopt);
    }
    for (const std::uint64_t value : {0U, 1U, 127U, 128U, 300U}) {
        const auto text = written(value) + std::string(10, 'x');
        for (const std::uint64_t most : {0U, 1U, 126U, 127U, 128U, 299U, 300U, 301U}) {
            EXPECT_EQ(peeked(varint_header{}, text, most).has_value(), value <= most);
        }
    }
}

TEST(varint, skips_what_is_too_large) {
    EXPECT_EQ(read("varint,max=2,oversize=skip", "\3abc\2hi\x83"),
              failure(errc::frame_truncated, 8, {{"", 0, true}, {"hi", 4}}));
    stream_reader reader(framing_of("varint,max=2,oversize=skip").decoder());
    EXPECT_TRUE(reader.feed("\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\1"));
    EXPECT_EQ(reader.wanted(), largest - 1);
}

TEST(varint, knows_where_it_stands) {
    stream_reader reader(framing_of("varint").decoder());
    const auto expect = [&](bytes input, frame_phase phase, std::uint64_t offset,
                            std::uint64_t frame, std::uint64_t wanted) {
        EXPECT_TRUE(reader.feed(input));
        EXPECT_EQ(reader.decoder().phase(), phase) << offset;
        EXPECT_EQ(reader.decoder().offset(), offset);
        EXPECT_EQ(reader.decoder().frame_offset(), frame) << offset;
        EXPECT_EQ(reader.wanted(), wanted) << offset;
    };
    expect("", frame_phase::between_frames, 0, 0, 1);
    expect("\2a", frame_phase::payload, 2, 0, 1);
    expect("b", frame_phase::between_frames, 3, 0, 1);
    expect("\x80", frame_phase::header, 4, 3, 1);
    expect("\1", frame_phase::payload, 5, 3, 128);
}

TEST(varint, says_what_was_expected_and_what_is_missing) {
    EXPECT_EQ(message("varint", "\x80\0"sv),
              "frame.length_syntax at 1: \"\\x80\\x00\" where at most 10 bytes of a canonical "
              "varint were expected");
    EXPECT_EQ(message("varint,max=4", "\5"),
              "frame.too_large at 0: \"\\x05\" announces more than the 4 bytes allowed");
    EXPECT_EQ(truncation("varint", "\x80\x80"),
              "frame.truncated at 2: the stream ended after 2 of 3 header bytes: \"\\x80\\x80\"");
    EXPECT_EQ(truncation("varint", "\3a"),
              "frame.truncated at 2: was expecting 3 bytes but only received 1 bytes before the "
              "socket closed");
}

}  // namespace
}  // namespace framewire::varint_tests
