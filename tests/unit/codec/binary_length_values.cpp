// Every length that one or two bytes can say, and the borders of wider ones, against arithmetic
// that cannot overflow.

#include "framewire/codec/binary_length.hpp"

#include "header_outcome.hpp"
#include "readings.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>

namespace framewire::binary_length_values_tests {
namespace {

using tests::advanced;
using tests::complete;
using tests::header_outcome;
using tests::peeked;
using tests::read;
using tests::reading;
using tests::wrong;

// Wide enough for every sum.
__extension__ typedef __int128 wide;  // NOLINT: no alias can be marked as an extension

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

struct binary_layout {
    std::uint8_t width = 4;
    bool little_endian = false;
    std::uint8_t offset = 0;
    std::int64_t adjust = 0;

    [[nodiscard]] binary_number number() const { return {width, little_endian}; }
    [[nodiscard]] length_options options() const { return {.adjust = adjust, .gap = offset}; }
};

// What a field's value must mean.
header_outcome meaning(const binary_layout& layout, std::uint64_t field,
                       std::uint64_t length_max) {
    const wide length = wide{field} + layout.adjust;
    const std::size_t size = layout.offset + layout.width;
    if (length < 0) return wrong(errc::frame_length_syntax, layout.offset);
    if (length > length_max) return wrong(errc::frame_too_large, size);
    return complete(static_cast<std::uint64_t>(length), size);
}

// The field by division, so that no shift is shared with the code under test.
std::string field_bytes(std::uint64_t field, const binary_layout& layout) {
    std::string out;
    for (unsigned i = 0; i < layout.width; ++i, field /= 256) {
        out += static_cast<char>(field % 256);
    }
    if (!layout.little_endian) std::ranges::reverse(out);
    return std::string(layout.offset, 'z') + out;
}

// By `advance`, and by `peek`, which may decline but not differ.
testing::AssertionResult means(const binary_layout& layout, std::uint64_t field,
                               std::uint64_t length_max) {
    const auto expected = meaning(layout, field, length_max);
    const auto text = field_bytes(field, layout);
    const binary_header header{layout.number(), layout.options()};
    const bool plain = layout.offset == 0 && layout.adjust == 0;
    const auto at_once = plain && expected.complete ? std::optional(expected) : std::nullopt;
    bool is_meant = advanced(header, text, length_max) == expected;
    for (const char next : {'\0', '\xFF'}) {
        is_meant = is_meant && peeked(header, text + std::string(8, next), length_max) == at_once;
    }
    if (is_meant) return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << field << " was read as "
           << testing::PrintToString(advanced(header, text, length_max)) << " or at once as "
           << testing::PrintToString(peeked(header, text + std::string(8, '\0'), length_max))
           << ", and means " << testing::PrintToString(expected);
}

TEST(binary_length_values, every_length_of_one_byte) {
    for (std::uint64_t field = 0; field < 256; ++field) {
        for (std::uint64_t most = 0; most < 260; ++most) {
            ASSERT_TRUE(means({.width = 1}, field, most));
        }
    }
}

TEST(binary_length_values, every_length_of_two_bytes) {
    for (const bool little : {false, true}) {
        for (std::uint64_t field = 0; field < 0x10000; ++field) {
            for (const std::uint64_t most : {std::uint64_t{256}, largest - 1}) {
                ASSERT_TRUE(means({.width = 2, .little_endian = little}, field, most));
            }
        }
    }
}

// Those that change what a byte can say, and their neighbours.
TEST(binary_length_values, every_length_of_one_byte_with_every_adjustment_at_a_border) {
    for (std::int64_t adjust = -260; adjust <= 260; ++adjust) {
        if (adjust % 64 > 4 || adjust % 64 < -4) continue;
        for (std::uint64_t field = 0; field < 256; ++field) {
            for (const std::uint64_t most : {std::uint64_t{100}, largest - 1}) {
                ASSERT_TRUE(means({.width = 1, .offset = 2, .adjust = adjust}, field, most))
                    << adjust;
            }
        }
    }
}

constexpr std::array<std::uint64_t, 28> borders{0,
                                                1,
                                                127,
                                                128,
                                                255,
                                                256,
                                                257,
                                                32'767,
                                                32'768,
                                                65'535,
                                                65'536,
                                                0x7FFFFF,
                                                0x800000,
                                                0xFFFFFF,
                                                0x1000000,
                                                0x7FFFFFFF,
                                                0x80000000,
                                                0xFFFFFFFF,
                                                0x100000000,
                                                0x100000001,
                                                1ULL << 62,
                                                1ULL << 63,
                                                (1ULL << 63) - 1,
                                                largest - 0x100000001,
                                                largest - 0x100000000,
                                                largest - 0xFFFFFFFF,
                                                largest - 1,
                                                largest};

constexpr std::array<std::int64_t, 11> adjustments{
    -0x100000000, -0xFFFFFFFFLL, -256, -4, -1, 0, 1, 4, 256, 0xFFFFFFFFLL, 0x100000000};

constexpr std::array<std::uint8_t, 8> widths{1, 2, 3, 4, 5, 6, 7, 8};

template <class Check>
void for_each_border(Check check) {
    for (const auto width : widths) {
        for (const bool little : {false, true}) {
            for (const auto adjust : adjustments) {
                for (const auto value : borders) {
                    check(binary_layout{.width = width, .little_endian = little, .adjust = adjust},
                          value);
                }
            }
        }
    }
}

bool fits(wide value, unsigned width) { return value >= 0 && value < wide{1} << (8 * width); }

TEST(binary_length_values, every_border_of_every_width_and_adjustment_read) {
    for_each_border([](const binary_layout& layout, std::uint64_t field) {
        if (!fits(field, layout.width)) return;
        for (const auto most : borders) {
            if (most == unknown_length) continue;
            ASSERT_TRUE(means(layout, field, most));
        }
    });
}

TEST(binary_length_values, every_border_of_every_width_and_adjustment_written) {
    for_each_border([](const binary_layout& layout, std::uint64_t announced) {
        std::string out = "as it was";
        const auto written =
            binary_length{layout.number(), layout.options()}.begin(announced, out);
        const wide field = wide{announced} - layout.adjust;
        if (fits(field, layout.width)) {
            ASSERT_TRUE(written) << announced;
            ASSERT_EQ(out, "as it was" + field_bytes(static_cast<std::uint64_t>(field), layout));
        } else {
            ASSERT_FALSE(written) << announced;
            ASSERT_EQ(written.error(), field < 0 ? errc::frame_wrong_size : errc::frame_too_large);
            ASSERT_EQ(out, "as it was");
        }
    });
}

// However large, and whether it is skipped or not: a length that no number holds ends the stream.
TEST(binary_length_values, the_largest_lengths_of_all) {
    const reading too_large{.error = errc::frame_too_large, .error_offset = 0};
    const std::string ones(8, '\xFF');
    for (const char* end : {"", ",oversize=skip"}) {
        for (const char* spec :
             {"u64be", "u64le", "u64be,adjust=+1", "u64be,adjust=+4294967296"}) {
            EXPECT_EQ(read(std::string(spec) + end, ones), too_large) << spec << end;
        }
    }
    tests::stream_reader reader(
        tests::framing_of("u64be,adjust=-1,max=5,oversize=skip").decoder());
    EXPECT_TRUE(reader.feed(ones));
    EXPECT_EQ(reader.wanted(), largest - 1);
    EXPECT_TRUE(reader.feed("abc"));
    EXPECT_EQ(reader.wanted(), largest - 4);
}

}  // namespace
}  // namespace framewire::binary_length_values_tests
