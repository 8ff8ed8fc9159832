#include "framewire/codec/framing.hpp"

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <ostream>
#include <string>

namespace framewire {
namespace {

using test::framing_of;
using test::read_whole;

TEST(framing, prints_back_as_itself) {
    for (const char* spec :
         {"digits:10", "digits:1", "digits:255", "digits:64,pad=space", "digits:10,pad=zero",
          "digits:10,count=chars", "digits:10,count=bytes", "digits:4,pad=space,count=chars",
          "digits:4,count=chars,pad=space", "digits:10,max=64KiB", "digits:10,max=0",
          "digits:10,max=1MB,oversize=skip", "digits:10,oversize=close", "fixed:16", "fixed:64KiB",
          "fixed:16,max=16", "raw", "raw,max=4KiB"}) {
        const auto parsed = framing::parse(spec);
        ASSERT_TRUE(parsed) << spec << ": " << parsed.error().message;
        EXPECT_EQ(parsed->spec(), spec);
        EXPECT_EQ(framing_of(parsed->spec()).spec(), spec);
    }
}

TEST(framing, knows_its_max_and_whether_it_is_raw) {
    EXPECT_EQ(framing_of("digits:10").payload_bytes_max(), std::nullopt);
    EXPECT_EQ(framing_of("digits:10,max=64KiB").payload_bytes_max(), 65'536U);
    EXPECT_EQ(framing_of("digits:10,max=0").payload_bytes_max(), 0U);
    EXPECT_TRUE(framing_of("raw").is_raw());
    EXPECT_FALSE(framing_of("fixed:16").is_raw());
}

struct refusal {
    const char* spec;
    std::size_t position;
    const char* expected;
};

void PrintTo(const refusal& row, std::ostream* out) { *out << '"' << row.spec << '"'; }

class refused_specs : public testing::TestWithParam<refusal> {};

TEST_P(refused_specs, names_the_position_and_what_was_expected_there) {
    const auto& row = GetParam();
    const auto parsed = framing::parse(row.spec);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().message, "framing \"" + std::string(row.spec) + "\": at " +
                                          std::to_string(row.position) + ": expected " +
                                          row.expected);
}

constexpr const char* known =
    "one of digits, fixed, raw, u8, u16be, u16le, u24be, u24le, u32be, u32le, u64be, u64le, "
    "varint, "
    "netstring, octet-count, line, delimiter, mllp, content-length, iso8583-ascii4, iso8583-bin2, "
    "syslog, lsp, tpkt, kafka, protobuf-delimited, erlang-packet4";
constexpr const char* width = "a width from 1 to 255";
constexpr const char* digits_option = "an option of 'digits' (see 'framewire framings')";

INSTANTIATE_TEST_SUITE_P(
    names, refused_specs,
    testing::Values(refusal{"", 0, "a framing's name"}, refusal{":5", 0, "a framing's name"},
                    refusal{",max=5", 0, "a framing's name"}, refusal{"digit:10", 0, known},
                    refusal{"Digits:10", 0, known}, refusal{" digits:10", 0, known},
                    refusal{"digits :10", 0, known}));

INSTANTIATE_TEST_SUITE_P(
    arguments, refused_specs,
    testing::Values(refusal{"digits", 6, width}, refusal{"digits:", 7, "a value"},
                    refusal{"digits:,max=5", 7, "a value"}, refusal{"digits:x", 7, width},
                    refusal{"digits:0", 7, width}, refusal{"digits:256", 7, width},
                    refusal{"digits:+5", 7, width}, refusal{"digits:5 ", 7, width},
                    refusal{"digits:1:2", 7, width},
                    refusal{"digits:18446744073709551626", 7, width},
                    refusal{"digits,pad=zero", 6, width},
                    refusal{"fixed", 5, "a size of at least 1"},
                    refusal{"fixed:0", 6, "a size of at least 1"},
                    refusal{"fixed:-1", 6, "a size of at least 1"},
                    refusal{"fixed:18446744073709551615", 6, "a size of at least 1"},
                    refusal{"raw:5", 4, "no value behind 'raw'"}, refusal{"raw:", 4, "a value"}));

INSTANTIATE_TEST_SUITE_P(
    options, refused_specs,
    testing::Values(
        refusal{"digits:10,", 10, "option=value"}, refusal{"digits:10,pad", 10, "option=value"},
        refusal{"digits:10,=zero", 10, "option=value"},
        refusal{"digits:10,,pad=zero", 10, "option=value"},
        refusal{"digits:10,pad=zero,", 19, "option=value"},
        refusal{"digits:10,pad=", 14, "zero or space"},
        refusal{"digits:10,pad=none", 14, "zero or space"},
        refusal{"digits:10,pad=Zero", 14, "zero or space"},
        refusal{"digits:10,count=words", 16, "bytes or chars"},
        refusal{"digits:10,max=", 14, "a size such as 64KiB"},
        refusal{"digits:10,max=-1", 14, "a size such as 64KiB"},
        refusal{"digits:10,max=18446744073709551616", 14, "a size such as 64KiB"},
        refusal{"digits:10,oversize=drop", 19, "close or skip"},
        refusal{"digits:10,pad=zero,pad=zero", 19, "'pad' only once"},
        refusal{"digits:10,max=1,count=bytes,max=2", 28, "'max' only once"},
        refusal{"digits:10,size=5", 10, digits_option},
        refusal{"digits:10, max=5", 10, digits_option},
        refusal{"fixed:16,pad=zero", 9, "an option of 'fixed' (see 'framewire framings')"},
        refusal{"raw,count=chars", 4, "an option of 'raw' (see 'framewire framings')"}));

TEST(framing, escapes_the_spec_it_refuses) {
    EXPECT_EQ(framing::parse("di\"\x1b").error().message,
              std::string("framing \"di\\\"\\x1b\": at 0: expected ") + known);
}

TEST(framing, lets_pass_the_smaller_of_both_bounds) {
    const auto framing = framing_of("digits:1,max=4");
    EXPECT_EQ(read_whole(framing.decoder(), "4abcd").frames.size(), 1U);
    EXPECT_EQ(read_whole(framing.decoder(), "5abcde").error, errc::frame_too_large);
    EXPECT_EQ(read_whole(framing.decoder(3), "4abcd").error, errc::frame_too_large);
    EXPECT_EQ(read_whole(framing.decoder(9), "5abcde").error, errc::frame_too_large);
}

TEST(framing, encodes_up_to_its_own_max) {
    std::string out = "before ";
    EXPECT_TRUE(framing_of("digits:1,max=4").encode("abcd", out));
    EXPECT_EQ(out, "before 4abcd");
    const auto failed = framing_of("digits:1,max=4").encode("abcde", out);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error(), errc::frame_too_large);
    EXPECT_EQ(out, "before 4abcd");
}

TEST(framing, writes_a_frame_in_pieces_as_it_does_whole) {
    for (const char* spec :
         {"digits:10", "digits:10,pad=space", "fixed:5", "raw", "u16le,offset=2,trailer=3",
          "varint", "netstring", "octet-count", "line", "mllp", "lsp"}) {
        const auto framing = framing_of(spec);
        std::string whole;
        ASSERT_TRUE(framing.encode("Hello", whole));
        std::string pieces;
        auto frame = framing.begin(5, pieces);
        ASSERT_TRUE(frame);
        ASSERT_TRUE(framing.append(*frame, "Hel", pieces));
        ASSERT_TRUE(framing.append(*frame, "lo", pieces));
        ASSERT_TRUE(framing.end(*frame, pieces));
        EXPECT_EQ(pieces, whole) << spec;
    }
}

TEST(framing, a_copy_is_the_same_framing) {
    const auto original = framing_of("digits:2,pad=space,max=7");
    const auto copy = original;  // NOLINT: the copy is what is tested
    std::string out;
    EXPECT_TRUE(copy.encode("Hello", out));
    EXPECT_EQ(out, "5 Hello");
    EXPECT_EQ(copy.spec(), original.spec());
    EXPECT_EQ(copy.payload_bytes_max(), 7U);
}

TEST(framing_table, has_an_example_in_every_row_that_works) {
    EXPECT_EQ(framing_table().size(), 11U);
    for (const auto& row : framing_table()) {
        EXPECT_FALSE(row.meaning.empty());
        const auto framing = framing_of(row.example_spec);
        std::string out;
        ASSERT_TRUE(framing.encode(row.example_payload, out)) << row.names;
        const auto read = read_whole(framing.decoder(), out);
        ASSERT_EQ(read.frames.size(), 1U) << row.names;
        EXPECT_EQ(read.frames.front().payload, row.example_payload);
        EXPECT_FALSE(read.error);
    }
}

}  // namespace
}  // namespace framewire
