#include "framewire/codec/digits.hpp"

#include "frame_oracle.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <array>
#include <string>

namespace framewire::digits_exhaustive_tests {
namespace {

using tests::frame_oracle;
using tests::read_byte_by_byte;
using tests::read_whole;

constexpr std::array paddings{padding::zero, padding::space};

auto decoder_of(const frame_oracle& oracle, padding pad) {
    return digits{{oracle.width, pad}, {}}.decoder(
        {.payload_bytes_max = oracle.payload_bytes_max});
}

// The header alone, without the words of an error, which cost a hundred times as much.
testing::AssertionResult header_agrees(const frame_oracle& oracle, padding pad, bytes text) {
    digits_header header{digits_number{oracle.width, pad}};
    const auto found = header.advance(text, unknown_length - 1);
    const auto wrong = oracle.first_wrong(text);
    if (wrong < text.size()) {
        if (header.taken() == wrong && !found.complete &&
            found.error == frame_oracle::class_of(text, wrong)) {
            return testing::AssertionSuccess();
        }
    } else if (header.taken() == text.size() && found.complete && !found.error &&
               header.length() == std::stoull(std::string(text))) {
        return testing::AssertionSuccess();
    }
    return testing::AssertionFailure()
           << testing::PrintToString(std::string(text)) << " was taken up to " << header.taken()
           << (found.error ? error_name(*found.error) : " without error") << ", but " << wrong
           << " is the first wrong byte";
}

TEST(digits_exhaustive, every_first_byte_has_its_class) {
    const frame_oracle oracle{.width = 2};
    for (unsigned value = 0; value < 256; ++value) {
        const std::string text{static_cast<char>(value), '5'};
        EXPECT_TRUE(header_agrees(oracle, padding::zero, text));
    }
}

TEST(digits_exhaustive, every_header_of_one_byte) {
    for (const auto pad : paddings) {
        const frame_oracle oracle{.width = 1, .spaces = pad == padding::space};
        for (unsigned value = 0; value < 256; ++value) {
            const auto stream = static_cast<char>(value) + std::string("123456789");
            ASSERT_EQ(read_whole(decoder_of(oracle, pad), stream), oracle.read(stream)) << value;
        }
    }
}

// All 65 536 and all 16.7 million, but for one saving: after a byte that is refused, the next runs
// over one value of each class only.
constexpr bytes classes("\0 \t\n+-.059:Ax_\x7F\x80\xA0\xC3\xFF", 19);

bytes all_bytes() {
    static const std::string all = [] {
        std::string made;
        for (unsigned value = 0; value < 256; ++value) made += static_cast<char>(value);
        return made;
    }();
    return all;
}

bytes after(const frame_oracle& oracle, bytes header) {
    return oracle.first_wrong(header) < header.size() ? classes : all_bytes();
}

TEST(digits_exhaustive, every_header_of_two_bytes) {
    for (const auto pad : paddings) {
        const frame_oracle oracle{.width = 2, .spaces = pad == padding::space};
        const auto decoder = decoder_of(oracle, pad);
        for (const char first : all_bytes()) {
            for (const char second : after(oracle, bytes(&first, 1))) {
                const std::string header{first, second};
                ASSERT_EQ(read_whole(decoder, header), oracle.read(header))
                    << testing::PrintToString(header);
            }
        }
    }
}

TEST(digits_exhaustive, every_header_of_three_bytes) {
    for (const auto pad : paddings) {
        const frame_oracle oracle{.width = 3, .spaces = pad == padding::space};
        std::string header(3, '\0');
        const auto begun = [&](std::size_t size) { return bytes(header).substr(0, size); };
        for (const char first : all_bytes()) {
            header[0] = first;
            for (const char second : after(oracle, begun(1))) {
                header[1] = second;
                for (const char third : after(oracle, begun(2))) {
                    header[2] = third;
                    ASSERT_TRUE(header_agrees(oracle, pad, header));
                }
            }
        }
    }
}

TEST(digits_exhaustive, every_length_of_three_digits_against_every_bound_nearby) {
    std::string header = "000";
    for (unsigned length = 0; length < 1000; ++length) {
        header = {static_cast<char>('0' + length / 100), static_cast<char>('0' + length / 10 % 10),
                  static_cast<char>('0' + length % 10)};
        for (const std::uint64_t most : {0U, 1U, 9U, 10U, 11U, 89U, 99U, 100U, 101U, 255U, 999U}) {
            const frame_oracle oracle{.width = 3, .payload_bytes_max = most};
            const auto decoder = decoder_of(oracle, padding::zero);
            ASSERT_EQ(read_whole(decoder, header), oracle.read(header)) << header << ' ' << most;
            ASSERT_EQ(read_byte_by_byte(decoder, header), oracle.read(header));
        }
    }
}

}  // namespace
}  // namespace framewire::digits_exhaustive_tests
