#include "framewire/codec/framing.hpp"

#include "readings.hpp"
#include "refused_spec.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::framing_refusals_tests {
namespace {

using tests::encoded;

using refusal = tests::refused_spec;

class refused_specs : public testing::TestWithParam<refusal> {};

TEST_P(refused_specs, says_what_was_expected_and_what_was_found) {
    tests::expect_refused(GetParam());
}

TEST(framing, suggests_the_name_that_is_near) {
    for (const auto& [spec, hint] : {std::pair{"digit:10", "did you mean 'digits'?"},
                                     {"Digits:10", "did you mean 'digits'?"},
                                     {"digits :10", "did you mean 'digits'?"},
                                     {"u16", "did you mean 'u16be' or 'u16le'?"},
                                     {"net-string", "did you mean 'netstring'?"},
                                     {"syslogd,max=5", "did you mean 'syslog'?"},
                                     {"bogus", "'framewire framings' lists them"}}) {
        const auto parsed = framing::parse(spec);
        ASSERT_FALSE(parsed) << spec;
        EXPECT_TRUE(parsed.error().message().starts_with("unknown framing \"")) << spec;
        EXPECT_EQ(parsed.error().hint, hint) << spec;
    }
}

constexpr const char* width = "a width from 1 to 255";
constexpr const char* digits_option = "an option of 'digits' (see 'framewire framings')";

INSTANTIATE_TEST_SUITE_P(names, refused_specs,
                         testing::Values(refusal{"", 0, "a framing's name"},
                                         refusal{":5", 0, "a framing's name"},
                                         refusal{",max=5", 0, "a framing's name"}));

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
                    refusal{"raw:5", 4, "no value after 'raw'"}, refusal{"raw:", 4, "a value"}));

INSTANTIATE_TEST_SUITE_P(
    options, refused_specs,
    testing::Values(
        refusal{"digits:10,", 10, "option=value"}, refusal{"digits:10,pad", 10, "option=value"},
        refusal{"digits:10,=zero", 10, "option=value"},
        refusal{"digits:10,,pad=zero", 10, "option=value"},
        refusal{"digits:10,pad=zero,", 19, "option=value"},
        refusal{"digits:10,pad=", 14, "zero, space or left-space"},
        refusal{"digits:10,pad=none", 14, "zero, space or left-space"},
        refusal{"digits:10,pad=Zero", 14, "zero, space or left-space"},
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

constexpr const char* around = "a number of bytes from 0 to 255";
constexpr const char* adjustment = "a number from -4294967296 to +4294967296";
constexpr const char* magic = "1 to 16 bytes";

INSTANTIATE_TEST_SUITE_P(
    binary, refused_specs,
    testing::Values(
        refusal{"u16be:2", 6, "no value after 'u16be'"}, refusal{"u8,offset=256", 10, around},
        refusal{"u8,offset=", 10, around}, refusal{"u8,offset=-1", 10, around},
        refusal{"u8,offset=1B", 10, around}, refusal{"u8,trailer=256", 11, around},
        refusal{"u8,max=5,trailer=x", 17, around}, refusal{"u8,adjust=", 10, adjustment},
        refusal{"u8,adjust=-", 10, adjustment}, refusal{"u8,adjust=+-1", 10, adjustment},
        refusal{"u8,adjust=--1", 10, adjustment}, refusal{"u8,adjust=1KiB", 10, adjustment},
        refusal{"u8,adjust=4294967297", 10, adjustment},
        refusal{"u8,adjust=-4294967297", 10, adjustment},
        refusal{"u8,adjust=-18446744073709551617", 10, adjustment}, refusal{"u8,magic=", 9, magic},
        refusal{"u8,magic=0123456789abcdefg", 9, magic},
        refusal{"u8,magic=abc,offset=2", 20, "at least the 3 bytes of magic"},
        refusal{"u8,offset=0,magic=a", 10, "at least the 1 bytes of magic"},
        refusal{"u8,count=chars", 3, "an option of 'u8' (see 'framewire framings')"}));

INSTANTIATE_TEST_SUITE_P(
    others, refused_specs,
    testing::Values(
        refusal{"lsp:5", 4, "no value after 'lsp'"}, refusal{"varint:11", 7, "1 to 10 bytes"},
        refusal{"varint:0", 7, "1 to 10 bytes"}, refusal{"varint:x", 7, "1 to 10 bytes"},
        refusal{"varint,form=short", 12, "shortest or any"},
        refusal{"line,eol=cr", 9, "lf, crlf or any"},
        refusal{"decimal:5", 8, "bytes after the digits, the first of which is none"},
        refusal{"decimal:01234", 8, "1 to 4 bytes"},
        refusal{"netstring:1", 10, "no value after 'netstring'"},
        refusal{"octet-count:1", 12, "no value after 'octet-count'"},
        refusal{"line:1", 5, "no value after 'line'"},
        refusal{"mllp:1", 5, "no value after 'mllp'"},
        refusal{"content-length:1", 15, "no value after 'content-length'"},
        refusal{"line,offset=1", 5, "an option of 'line' (see 'framewire framings')"},
        refusal{"varint,pad=zero", 7, "an option of 'varint' (see 'framewire framings')"}));

constexpr const char* escape = R"(\r, \n, \t, \0, \\, \,, \xHH or \uHHHH)";
constexpr const char* delimiter_size = "1 to 32 bytes";

INSTANTIATE_TEST_SUITE_P(
    bytes, refused_specs,
    testing::Values(
        refusal{R"(delimiter:\)", 10, escape}, refusal{R"(delimiter:ab\)", 12, escape},
        refusal{R"(delimiter:\a)", 10, escape}, refusal{R"(delimiter:\R)", 10, escape},
        refusal{R"(delimiter:\:)", 10, escape}, refusal{R"(delimiter:\x)", 10, escape},
        refusal{R"(delimiter:\x0)", 10, escape}, refusal{R"(delimiter:\xg0)", 10, escape},
        refusal{R"(delimiter:\x0g)", 10, escape}, refusal{R"(delimiter:\x+1)", 10, escape},
        refusal{R"(delimiter:\x-1)", 10, escape}, refusal{R"(delimiter:\x 1)", 10, escape},
        refusal{R"(delimiter:\X0a)", 10, escape}, refusal{R"(delimiter:\\\)", 12, escape},
        refusal{R"(delimiter:\x41\z)", 14, escape}, refusal{R"(u8,magic=a\q)", 10, escape},
        refusal{"delimiter", 9, delimiter_size}, refusal{"delimiter:", 10, "a value"},
        refusal{"delimiter:,max=5", 10, "a value"}, refusal{"delimiter:a,b", 12, "option=value"},
        refusal{"delimiter:0123456789abcdef0123456789abcdef0", 10, delimiter_size}));

TEST(framing, refuses_options_of_a_preset_in_the_spec_that_it_stands_for) {
    EXPECT_EQ(framing::parse("tpkt,magic=a").error().message(),
              R"(framing "u16be,magic=\\x03\\x00,adjust=-4,magic=a": )"
              R"(expected 'magic' only once, found "magic=a")");
}

failure why_not(std::string_view spec) {
    const auto parsed = framing::parse(spec);
    EXPECT_FALSE(parsed) << spec;
    return parsed ? failure{} : parsed.error();
}

TEST(framing, says_what_was_meant) {
    EXPECT_EQ(why_not("u16be,magic=0xd3").hint, R"(did you mean \xd3?)");
    EXPECT_EQ(why_not("delimiter:0x0D0a").hint, R"(did you mean \x0D\x0a?)");
    EXPECT_EQ(encoded("u8,magic=0x,trailer=1", ""), std::string("0x\0\0", 4));
    EXPECT_EQ(encoded("u8,magic=0xz1", ""), std::string("0xz1\0", 5));
    EXPECT_EQ(encoded("u8,magic=0x123", ""), std::string("0x123\0", 6));
    EXPECT_EQ(why_not("u16be,ajust=-2").hint, "did you mean 'adjust='?");
    EXPECT_EQ(why_not("digits:4,padd=zero").hint, "did you mean 'pad='?");
    EXPECT_EQ(why_not("line,oversise=skip").hint, "did you mean 'oversize='?");
    EXPECT_EQ(why_not("line,colour=red").hint, "");
    EXPECT_EQ(why_not("u16").hint, "did you mean 'u16be' or 'u16le'?");
    EXPECT_EQ(why_not("uint32").hint, "did you mean 'u32be' or 'u32le'?");
    EXPECT_EQ(why_not("postgreql").hint, "did you mean 'postgresql'?");
    EXPECT_EQ(why_not("u16bee").hint, "did you mean 'u16be'?");
    // Families: all of a small one, some of a large one.
    EXPECT_EQ(why_not("erlang").hint,
              "there are 'erlang-packet1', 'erlang-packet2', 'erlang-packet4'");
    const auto large = why_not("iso8583").hint;
    EXPECT_TRUE(large.starts_with("there are 'iso8583-ascii4', ")) << large;
    EXPECT_TRUE(large.ends_with(", ...")) << large;
    EXPECT_EQ(why_not("erlang-packet").hint, "did you mean 'erlang-packet1'?");
}

TEST(framing, shows_the_place_of_a_fault) {
    EXPECT_EQ(why_not("digits:4,pad=tab").place, "digits:4,pad=tab\n             ^");
    EXPECT_EQ(why_not("digits").place, "digits\n      ^");
    EXPECT_EQ(why_not(",x").place, ",x\n^");
    EXPECT_EQ(why_not("line,\xc3\xa9=1").place, "");
    EXPECT_EQ(why_not("line,\x7F=1").place, "");
    EXPECT_EQ(why_not("nothing").place, "");
}

TEST(framing, reads_every_escape) {
    EXPECT_EQ(encoded(R"(delimiter:\r\n\t\\\,\0z)", ""), std::string("\r\n\t\\,\0z", 7));
    EXPECT_EQ(encoded("delimiter:a:b=c d", ""), "a:b=c d");
    EXPECT_EQ(encoded(R"(delimiter:\x2c\,,max=5)", ""), ",,");
    EXPECT_EQ(encoded(R"(delimiter:\x414\xaFz)", ""), "A4\xAFz");
    EXPECT_EQ(encoded("delimiter:0123456789abcdef0123456789abcdef", ""),
              "0123456789abcdef0123456789abcdef");
    EXPECT_EQ(encoded(R"(u8,magic=\,\x2C\\,trailer=1)", ""), std::string(",,\\\0\0", 5));
    for (unsigned value = 0; value < 256; ++value) {
        constexpr const char* lower = "0123456789abcdef";
        constexpr const char* upper = "0123456789ABCDEF";
        for (const char* digits : {lower, upper}) {
            const std::string spec =
                std::string(R"(delimiter:\x)") + digits[value / 16] + digits[value % 16];
            ASSERT_EQ(encoded(spec, ""), std::string(1, static_cast<char>(value))) << spec;
        }
    }
}

TEST(framing, reads_every_number_around_a_binary_length) {
    EXPECT_EQ(encoded("u8,offset=0,trailer=0,adjust=0", "hi"), "\2hi");
    EXPECT_EQ(encoded("u8,offset=255", "").size(), 256U);
    EXPECT_EQ(encoded("u8,trailer=255", "").size(), 256U);
    EXPECT_EQ(encoded("u8,adjust=1", "hi"), "\1hi");
    EXPECT_EQ(encoded("u8,adjust=+1", "hi"), "\1hi");
    EXPECT_EQ(encoded("u8,adjust=-1", "hi"), "\3hi");
    EXPECT_EQ(encoded("u8,adjust=-0", "hi"), "\2hi");
    EXPECT_EQ(encoded("u64be,adjust=-4294967296", ""), std::string("\0\0\0\1\0\0\0\0", 8));
    EXPECT_EQ(encoded("u8,trailer=1,adjust=-2,magic=M,offset=2,max=9", "hi"),
              std::string("M\0\4hi\0", 6));
}

TEST(framing, escapes_the_spec_it_refuses) {
    EXPECT_EQ(framing::parse("di\"\x1b").error().message(), R"(unknown framing "di\"\x1b")");
}

}  // namespace
}  // namespace framewire::framing_refusals_tests
