// What a framing says of its frames and headers: for people, and for other programs.

#include "framewire/codec/framing.hpp"

#include "every_framing.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::describe_tests {
namespace {

using namespace std::string_view_literals;
using tests::framing_of;

length_layout length_of(std::string_view spec) {
    const auto found = framing_of(spec).describe();
    EXPECT_FALSE(found.end) << spec;
    EXPECT_EQ(found.start, "") << spec;
    return found.length.value();
}

TEST(describe, decimal_digits) {
    const auto padded = length_of("digits:4,pad=space,count=chars");
    EXPECT_EQ(padded.written, notation::digits);
    EXPECT_EQ(padded.unit, counting::in_characters);
    EXPECT_EQ(padded.width, 4U);
    EXPECT_TRUE(padded.padded_right);
    EXPECT_EQ(padded.expectation, "4 bytes of decimal digits followed by spaces");
    EXPECT_EQ(padded.header_size(), 4U);
    EXPECT_FALSE(padded.is_binary());
    EXPECT_FALSE(length_of("digits:10").padded_right);
    EXPECT_EQ(length_of("digits:10").unit, counting::in_bytes);
}

TEST(describe, digits_up_to_a_terminator) {
    const auto netstring = length_of("netstring");
    EXPECT_EQ(netstring.written, notation::terminated);
    EXPECT_EQ(netstring.terminator, ":");
    EXPECT_EQ(netstring.trailer_size, 1U);
    EXPECT_EQ(netstring.trailer, ",");
    EXPECT_EQ(netstring.header_size(), std::nullopt);
    const auto counted = length_of("octet-count");
    EXPECT_EQ(counted.written, notation::terminated);
    EXPECT_EQ(counted.terminator, " ");
    EXPECT_EQ(counted.trailer_size, 0U);
    EXPECT_EQ(counted.trailer, "");
    EXPECT_FALSE(counted.is_binary());
}

TEST(describe, a_binary_length_with_every_option) {
    const auto length = length_of(R"(u16le,magic=\x03a,offset=5,adjust=-7,trailer=2)");
    EXPECT_EQ(length.written, notation::binary);
    EXPECT_TRUE(length.is_binary());
    EXPECT_EQ(length.width, 2U);
    EXPECT_TRUE(length.little_endian);
    EXPECT_EQ(length.offset, 5U);
    EXPECT_EQ(length.magic,
              "\x03"
              "a");
    EXPECT_EQ(length.adjust, -7);
    EXPECT_EQ(length.trailer_size, 2U);
    EXPECT_EQ(length.trailer, "");
    EXPECT_EQ(length.header_size(), 7U);
    EXPECT_FALSE(length_of("u32be").little_endian);
}

TEST(describe, other_lengths) {
    EXPECT_EQ(length_of("varint").written, notation::varint);
    EXPECT_TRUE(length_of("varint").is_binary());
    EXPECT_EQ(length_of("varint").header_size(), std::nullopt);
    EXPECT_EQ(length_of("content-length").written, notation::fields);
    EXPECT_EQ(length_of("content-length").header_size(), std::nullopt);
    EXPECT_EQ(length_of("fixed:16").written, notation::none);
    EXPECT_EQ(length_of("fixed:16").payload_size, 16U);
    EXPECT_EQ(length_of("fixed:16").header_size(), 0U);
}

TEST(describe, ends) {
    for (const auto& [spec, mark] :
         {std::pair("line", "\r\n"), {"delimiter:ab", "ab"}, {"mllp", "\x1C\r"}}) {
        const auto found = framing_of(spec).describe();
        EXPECT_FALSE(found.length) << spec;
        ASSERT_TRUE(found.end) << spec;
        EXPECT_EQ(found.end->mark(), mark);
        EXPECT_EQ(found.end->is_line_end(), spec == "line"sv) << spec;
        EXPECT_EQ(!found.start.empty(), spec == "mllp"sv) << spec;
    }
    EXPECT_EQ(framing_of("mllp").describe().start, "\x0B");
    EXPECT_FALSE(framing_of("raw").describe().length);
    EXPECT_FALSE(framing_of("raw").describe().end);
}

// What is described is what is written.
TEST(describe, agrees_with_the_frames_of_every_framing) {
    for (const auto spec : tests::every_framing) {
        const auto frames = framing_of(spec);
        const auto found = frames.describe();
        const bool is_own = found.own != grammar::none;
        if (found.own == grammar::chunks) continue;
        EXPECT_EQ(is_own, !found.length && !found.end) << spec;
        if (is_own) continue;
        EXPECT_NE(found.length.has_value(), found.end.has_value()) << spec;
        EXPECT_EQ(found.length.has_value(), frames.announces_length()) << spec;
        const auto lead = found.length ? found.length->lead : 0;
        std::string header;
        auto begun = frames.begin(frames.announces_length() ? 16 : unknown_length, header);
        ASSERT_TRUE(begun) << spec;
        ASSERT_TRUE(frames.append(*begun, std::string(lead, 'x'), header)) << spec;
        if (found.end) {
            EXPECT_EQ(header, found.start) << spec;
            continue;
        }
        EXPECT_EQ(found.length->unit, frames.counts()) << spec;
        EXPECT_EQ(found.length->header_size().value_or(header.size()), header.size()) << spec;
        EXPECT_TRUE(header.starts_with(found.length->magic)) << spec;
        std::string frame;
        ASSERT_TRUE(frames.encode("0123456789abcdef", frame)) << spec;
        const bool joins =
            found.length->more != 0 || found.length->last != 0 || found.length->joins_full;
        if (joins && framing_of(spec).describe().length->mask < 16) continue;
        EXPECT_EQ(frame.size(), header.size() + 16 - lead + found.length->trailer_size) << spec;
        EXPECT_TRUE(frame.ends_with(found.length->trailer)) << spec;
    }
}

TEST(describe, says_how_a_header_is_read) {
    const auto words = [](std::string_view spec, bytes header) {
        return framing_of(spec).describe_header(header);
    };
    EXPECT_EQ(words("u16be", "\1\2"), "01 02");
    EXPECT_EQ(words("u16le,adjust=-1", "\1\2"), "01 02 (lowest byte first) = 513, + adjust -1");
    EXPECT_EQ(words("tpkt", "\3\0\0\x0B"sv), "after 03 00: 00 0b = 11, + adjust -4");
    EXPECT_EQ(words("u8,offset=30", std::string(31, '\1')),
              "after 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 ...: 01");
    EXPECT_EQ(words("varint", "\x05"), "05");
    EXPECT_EQ(words("varint", "\x81\x82\x03"), "81 82 03 = 1 + 2 x 128 + 3 x 128^2");
    EXPECT_EQ(words("content-length", "X: y\r\ncontent-LENGTH: 17\r\n\r\n"),
              R"("content-LENGTH: 17")");
    EXPECT_EQ(words("content-length", "X: y\r\n"), "");
    for (const char* spec : {"digits:4", "netstring", "octet-count", "fixed:4", "line", "raw"}) {
        EXPECT_EQ(words(spec, "0004"), "") << spec;
    }
}

}  // namespace
}  // namespace framewire::describe_tests
