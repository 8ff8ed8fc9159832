// A header read at once says what it says when it is read byte by byte.

#include "framewire/codec/framing.hpp"

#include "random_bytes.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <array>
#include <cstdint>
#include <string>

namespace framewire::peek_tests {
namespace {

using tests::framing_of;
using tests::random_bytes;

// Bytes after a header, so that there are enough to peek.
const std::string behind(64, '0');

// Where `must` is set, what is right has to be seen at once.
template <quick_header H>
void expect_same(const H& header, const std::string& text, std::uint64_t most, bool must) {
    auto by_byte = header;
    const auto found = by_byte.advance(text, most);
    auto length = most;
    const auto at_once = header.peek(text, length);
    if (at_once != 0) {
        ASSERT_TRUE(found.complete) << testing::PrintToString(text);
        ASSERT_EQ(at_once, found.taken) << testing::PrintToString(text);
        ASSERT_EQ(length, by_byte.length()) << testing::PrintToString(text);
    } else {
        ASSERT_FALSE(must && found.complete) << testing::PrintToString(text);
    }
}

std::uint64_t some_limit(random_bytes& random) {
    constexpr std::array<std::uint64_t, 6> limits{
        0, 9, 255, 65'536, 9'999'999'999, unknown_length - 1};
    return limits.at(random.below(limits.size()));
}

TEST(peek, reads_decimal_digits_of_every_width) {
    random_bytes random(21);
    for (std::size_t width = 1; width <= 20; ++width) {
        for (int round = 0; round < 2000; ++round) {
            std::string text(width, '0');
            for (auto at = random.below(width + 1); at < width; ++at) {
                text[at] = random.one_of("0123456789");
            }
            if (random.below(4) == 0) text[random.below(width)] = random.one_of("/: +a\x80\xB0");
            const digits_header header{digits_number{.width = width}};
            expect_same(header, text + behind, some_limit(random), width <= 16);
        }
    }
}

TEST(peek, reads_digits_before_spaces) {
    random_bytes random(24);
    for (std::size_t width = 1; width <= 16; ++width) {
        const digits_header header{digits_number{.width = width, .pad = padding::space}};
        for (int round = 0; round < 500; ++round) {
            std::string text(width, ' ');
            for (auto at = random.below(width + 1); at > 0; --at) {
                text[at - 1] = random.one_of("0123456789");
            }
            if (random.below(4) == 0) text[random.below(width)] = random.one_of("/: 0a");
            expect_same(header, text + behind, some_limit(random), true);
        }
    }
}

TEST(peek, reads_binary_lengths_of_every_width) {
    random_bytes random(22);
    for (const std::uint8_t width : std::array<std::uint8_t, 8>{1, 2, 3, 4, 5, 6, 7, 8}) {
        for (const bool little_endian : {false, true}) {
            const binary_header header(binary_number{width, little_endian});
            for (int round = 0; round < 2000; ++round) {
                std::string text;
                for (int i = 0; i < 8; ++i) {
                    text += static_cast<char>(random.below(3) == 0 ? random.below(256) : 0);
                }
                expect_same(header, text, some_limit(random), true);
            }
        }
    }
}

TEST(peek, reads_varints_of_one_and_two_bytes) {
    const varint_header header;
    for (unsigned value = 0; value < 0x10000; ++value) {
        const std::string text{static_cast<char>(value), static_cast<char>(value >> 8)};
        const bool short_enough = (value & 0x8080U) != 0x8080U;
        expect_same(header, text + behind, 300, short_enough);
        expect_same(header, text + behind, unknown_length - 1, short_enough);
    }
}

TEST(peek, reads_decimal_lengths_up_to_their_end) {
    random_bytes random(23);
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (auto left = random.below(12); left > 0; --left) {
            text += random.one_of("00123456789");
        }
        text += random.one_of(": ,x0");
        expect_same(decimal_header(), text + behind, some_limit(random), true);
        expect_same(decimal_header(decimal_number{.terminator{' '}}), text + behind,
                    some_limit(random), true);
    }
}

TEST(peek, reads_the_usual_content_length) {
    random_bytes random(24);
    const content_length_header header;
    for (int round = 0; round < 20'000; ++round) {
        std::string text = "Content-Length: ";
        const auto usual = text.size();
        for (auto left = random.below(12); left > 0; --left) {
            text += random.one_of("00123456789");
        }
        text += "\r\n\r\n";
        const bool spoiled = random.below(3) == 0;
        if (spoiled) text[random.below(text.size())] = random.one_of("cC:\r\n 0+");
        expect_same(header, text + behind, some_limit(random),
                    !spoiled && text.size() > usual + 4);
    }
}

TEST(peek, does_not_look_at_what_may_be_incomplete) {
    for (const char* spec : {"digits:10", "digits:3", "u8", "u64be", "varint", "netstring",
                             "octet-count", "content-length"}) {
        std::string frame;
        ASSERT_TRUE(framing_of(spec).encode("Hello", frame));
        for (std::size_t size = 0; size <= frame.size(); ++size) {
            const auto read = tests::read_in(
                framing_of(spec).decoder(),
                {bytes(frame).substr(0, size), bytes(frame).substr(size), bytes(frame)});
            EXPECT_EQ(read.frames.size(), 2U) << spec << ' ' << size;
            EXPECT_FALSE(read.error);
        }
    }
}

TEST(late_oversize, fails_where_parts_are_gone_and_is_skipped_where_they_are_not) {
    const auto framing = framing_of("line,max=9,oversize=skip");
    const bytes stream = "0123456789\nab\n";
    EXPECT_EQ(tests::read_whole(framing.decoder(unknown_length - 1, 9), stream),
              (tests::reading{.frames = {{"", 0, true}, {"ab", 11}}}));
    EXPECT_EQ(tests::read_whole(framing.decoder(unknown_length - 1, 8), stream),
              (tests::reading{.error = errc::frame_too_large, .error_offset = 0}));
}

}  // namespace
}  // namespace framewire::peek_tests
