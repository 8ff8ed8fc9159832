#include "walkthrough/explanation.hpp"

#include "dissection.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::explanation_tests {
namespace {

using namespace std::string_view_literals;
using tests::framing_of;

// What is said of the frame that a header begins.
std::string header_of(std::string_view spec, bytes header) {
    dissector receiver(framing_of(spec), unknown_length - 1);
    const auto found = receiver.receive(header);
    EXPECT_EQ(found.size(), 1U) << spec;
    return found.empty() ? "" : explain_header(framing_of(spec), found[0]);
}

struct header_row {
    std::string_view spec;
    std::string_view header;
    std::string_view words;
};

class headers : public testing::TestWithParam<header_row> {};

TEST_P(headers, say_how_their_bytes_make_the_length) {
    const auto& [spec, header, words] = GetParam();
    EXPECT_EQ(header_of(spec, header), words);
}

INSTANTIATE_TEST_SUITE_P(
    explanation, headers,
    testing::Values(
        header_row{"digits:10", "0000000024", R"("0000000024" = 24 bytes)"},
        header_row{"digits:10,count=chars", "0000000024", R"("0000000024" = 24 characters)"},
        header_row{"digits:10,count=chars", "0000000001", R"("0000000001" = 1 character)"},
        header_row{"digits:4,pad=space", "1   ", R"("1   " = 1 byte)"},
        header_row{"u8", "\xFF", "ff = 255 bytes"},
        header_row{"u16be", "\1\2", "01 02 = 258 bytes"},
        header_row{"u16le", "\1\2", "01 02 (lowest byte first) = 513 bytes"},
        header_row{"u24be", "\1\2\3", "01 02 03 = 66051 bytes"},
        header_row{"u24le", "\1\2\3", "01 02 03 (lowest byte first) = 197121 bytes"},
        header_row{"u32be", "\0\0\1\0"sv, "00 00 01 00 = 256 bytes"},
        header_row{"u32le", "\1\0\0\x80"sv, "01 00 00 80 (lowest byte first) = 2147483649 bytes"},
        header_row{"u64be", "\xFE\0\0\0\0\0\0\1"sv,
                   "fe 00 00 00 00 00 00 01 = 18302628885633695745 bytes"},
        header_row{"u64le", "\1\0\0\0\0\0\0\xFE"sv,
                   "01 00 00 00 00 00 00 fe (lowest byte first) = 18302628885633695745 bytes"},
        header_row{"u32be,adjust=-4", "\0\0\1\0"sv, "00 00 01 00 = 256, + adjust -4 = 252 bytes"},
        header_row{"u8,adjust=+2", "\3", "03 = 3, + adjust 2 = 5 bytes"},
        header_row{"u16le,offset=3", "\1\2\3\4\0"sv,
                   "after 01 02 03: 04 00 (lowest byte first) = 4 bytes"},
        header_row{"tpkt", "\3\0\0\x0B"sv, "after 03 00: 00 0b = 11, + adjust -4 = 7 bytes"},
        header_row{"netstring", "24:", R"("24:" = 24 bytes)"},
        header_row{"octet-count", "24 ", R"("24 " = 24 bytes)"},
        header_row{"content-length", "Content-Length: 5\r\n\r\n",
                   R"("Content-Length: 5\r\n\r\n" = 5 bytes)"},
        header_row{"content-length",
                   "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n"
                   "content-LENGTH: 17\r\nX: y\r\n\r\n",
                   R"("Content-Type: application/vscode-jsonrpc"..., with "content-LENGTH: 17")"
                   " = 17 bytes"}));

INSTANTIATE_TEST_SUITE_P(
    varint, headers,
    testing::Values(
        header_row{"varint", "\x05", "05 = 5 bytes"},
        header_row{"varint", "\xAC\x02", "ac 02 = 44 + 2 x 128 = 300 bytes"},
        header_row{"varint", "\x81\x82\x03", "81 82 03 = 1 + 2 x 128 + 3 x 128^2 = 49409 bytes"},
        header_row{"varint", "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
                   "80 80 80 80 80 80 80 80 80 01 = 0 + 0 x 128 + 0 x 128^2 + 0 x 128^3 + 0 x "
                   "128^4 + 0 x 128^5 + 0 x 128^6 + 0 x 128^7 + 0 x 128^8 + 1 x 128^9 = "
                   "9223372036854775808 bytes"}));

// Every length from one byte to ten: the sum that is written is the length.
TEST(explanation, the_sum_of_a_varint_is_its_length) {
    for (unsigned bits = 2; bits < 64; ++bits) {
        const auto length = (std::uint64_t{1} << bits) - (bits % 3);
        std::string header;
        ASSERT_TRUE(framing_of("varint").begin(length, header));
        const auto words = header_of("varint", header);
        EXPECT_TRUE(words.ends_with(" = " + std::to_string(length) + " bytes")) << words;
        std::uint64_t sum = 0;
        std::uint64_t factor = 1;
        for (const char byte : header) {
            sum += (static_cast<std::uint8_t>(byte) & 0x7F) * factor;
            factor *= 128;
            const auto digit = std::to_string(static_cast<std::uint8_t>(byte) & 0x7F);
            EXPECT_NE(words.find(' ' + digit + ' '), std::string::npos) << words;
        }
        EXPECT_EQ(sum, length);
    }
}

TEST(explanation, quotes_whole_characters_of_forty_columns) {
    const std::string forty(40, 'x');
    EXPECT_EQ(quote_beginning(forty), '"' + forty + '"');
    EXPECT_EQ(quote_beginning(forty + 'x'), '"' + forty + "\"...");
    const auto nearly = forty.substr(1);
    EXPECT_EQ(quote_beginning(nearly + "\xC3\xA9 and more"), '"' + nearly + "\xC3\xA9\"...");
    EXPECT_EQ(quote_beginning(nearly + "\xE6\x97\xA5"), '"' + nearly + "\"...");  // takes two
    EXPECT_EQ(quote_beginning(nearly + "\n"), '"' + nearly + "\"...");
    EXPECT_EQ(quote_beginning("\xC3\xA9\xC3"), "\"\xC3\xA9\\xc3\"");
    EXPECT_EQ(quote_beginning(std::string(11, '\xFF')),
              R"("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"...)");
    EXPECT_EQ(quote_beginning(""), R"("")");
}

// All findings of the last of these chunks, as lines.
std::vector<std::string> findings(std::string_view spec, const tests::chunks& chunks) {
    const auto frames = framing_of(spec);
    dissector receiver(frames, 1000);
    std::vector<std::string> said;
    for (const auto chunk : chunks) {
        said.clear();
        const auto offset = receiver.offset();
        for (const auto& frame : receiver.receive(chunk)) {
            for (const auto& one :
                 explain_frame(frames, frame, chunk, offset, receiver.failure())) {
                said.push_back(one.label + ' ' + one.words);
            }
        }
    }
    said.push_back("after " + describe_state(frames, receiver));
    return said;
}

using lines = std::vector<std::string>;

TEST(explanation, of_the_walkthrough) {
    const std::string_view spec = "digits:10,count=chars";
    EXPECT_EQ(findings(spec, {"0000000024This "}),
              (lines{R"(header "0000000024" = 24 characters)",
                     R"(payload "This ", 5 bytes: 5 of 24 characters)", "check 5 < 24, continue",
                     R"(after in a message of 24 characters, 5 assembled: "This ")"}));
    EXPECT_EQ(
        findings(spec, {"0000000024This ", "is a longer mes"}),
        (lines{R"(payload "is a longer mes", 15 bytes: 20 of 24 characters)",
               "check 20 < 24, continue",
               R"(after in a message of 24 characters, 20 assembled: "This is a longer mes")"}));
    EXPECT_EQ(findings(spec, {"0000000024This ", "is a longer mes", "sage"}),
              (lines{R"(payload "sage", 4 bytes: 24 of 24 characters)", "check 24 >= 24, complete",
                     "after a new message"}));
}

TEST(explanation, of_a_header_that_is_not_complete) {
    EXPECT_EQ(findings("digits:10", {"000"}),
              (lines{R"(header "000", 3 of 10 bytes)", "check 3 < 10 bytes of header, continue",
                     R"(after in a header, 3 of 10 bytes: "000")"}));
    EXPECT_EQ(findings("u32be", {"\0"sv, "\1"sv}),
              (lines{"header 00 01, 2 of 4 bytes", "check 2 < 4 bytes of header, continue",
                     "after in a header, 2 of 4 bytes: 00 01"}));
    EXPECT_EQ(findings("varint", {"\x80"}),
              (lines{"header 80, 1 byte", "check the header has not ended, continue",
                     "after in a header, 1 byte: 80"}));
}

TEST(explanation, of_a_character_that_is_cut) {
    EXPECT_EQ(findings("digits:2,count=chars", {"02h\xC3"}),
              (lines{R"(header "02" = 2 characters)",
                     R"(payload "h\xc3", 2 bytes: 1 of 2 characters, and 1 byte of the next)",
                     "check 1 < 2, continue",
                     R"(after in a message of 2 characters, 1 assembled: "h\xc3")"}));
}

TEST(explanation, of_a_trailer) {
    EXPECT_EQ(findings("netstring", {"2:hi"}),
              (lines{R"(header "2:" = 2 bytes)", R"(payload "hi", 2 bytes: 2 of 2 bytes)",
                     "check 2 >= 2, but what ends the frame is missing, continue",
                     R"(after in a message of 2 bytes, 2 assembled: "hi")"}));
    EXPECT_EQ(findings("netstring", {"2:hi", ",0:,"}),
              (lines{R"(trailer ",")", "check 2 >= 2, complete", R"(header "0:" = 0 bytes)",
                     R"(trailer ",")", "check 0 >= 0, complete", "after a new message"}));
}

TEST(explanation, of_a_boundary) {
    const std::string_view spec = R"(delimiter:\r\n)";
    EXPECT_EQ(findings(spec, {"ab"}),
              (lines{R"(payload "ab", 2 bytes)", R"(check no "\r\n" yet, continue)",
                     R"(after in a message of unknown size, 2 bytes assembled: "ab")"}));
    EXPECT_EQ(
        findings(spec, {"ab\r"}),
        (lines{R"(payload "ab", 2 bytes)", R"(check the last byte may begin "\r\n", continue)",
               R"(after in a message of unknown size, 2 bytes assembled: "ab", 1 held back:)"
               R"( "\r")"}));
    EXPECT_EQ(findings(spec, {"ab\r", "c"}),
              (lines{R"(payload "\rc", 2 bytes, 1 of them held back before: 4 so far)",
                     R"(check no "\r\n" yet, continue)",
                     R"(after in a message of unknown size, 4 bytes assembled: "ab\rc")"}));
    EXPECT_EQ(
        findings(spec, {"ab\r", "\n"}),
        (lines{R"(trailer "\r\n")", R"(check "\r\n" found, complete)", "after a new message"}));
    EXPECT_EQ(findings("delimiter:aab", {"aa", "a"}),
              (lines{R"(payload "a", 1 byte, held back before)",
                     R"(check the last 2 bytes may begin "aab", continue)",
                     R"(after in a message of unknown size, 1 byte assembled: "a", 2 held back:)"
                     R"( "aa")"}));
    EXPECT_EQ(findings("line", {"a\r"})[1], R"(check the last byte may begin "\r\n", continue)");
    EXPECT_EQ(findings("line", {"a\r\n"})[2], R"(check "\n" found, complete)");
}

TEST(explanation, of_what_is_discarded) {
    const std::string_view spec = "line,max=2,oversize=skip";
    EXPECT_EQ(findings(spec, {"abcd"}),
              (lines{R"(payload "abcd", 4 bytes)",
                     R"(check no "\n" yet, continue: all of it is discarded)",
                     "after in a message of unknown size, 4 bytes discarded"}));
    EXPECT_EQ(findings(spec, {"abcd", "\n"})[1],
              R"(check "\n" found, complete: discarded, it is larger than allowed)");
    EXPECT_EQ(findings("u8,max=2,oversize=skip", {"\3a"}),
              (lines{"header 03 = 3 bytes", R"(payload "a", 1 byte: 1 of 3 bytes)",
                     "check 1 < 3, continue: all of it is discarded",
                     "after in a message of 3 bytes, 1 discarded"}));
}

TEST(explanation, of_a_failure) {
    EXPECT_EQ(findings("digits:4", {"000x"}),
              (lines{R"(header "000x", 4 of 4 bytes)", "check wrong at 3: frame.length_syntax",
                     "after the stream cannot be read further"}));
    EXPECT_EQ(findings("digits:2,count=chars", {"02\xFF"})[1],
              R"(payload "\xff", 1 byte: 0 of 2 characters)");
    EXPECT_EQ(findings("digits:4", {"000x", "0001"}),
              lines{"after the stream cannot be read further"});
}

TEST(explanation, of_raw) {
    EXPECT_EQ(
        findings("raw", {"Hel"}),
        (lines{R"(payload "Hel", 3 bytes)", "check what one read returns is a message, complete",
               "after a new message"}));
}

}  // namespace
}  // namespace framewire::explanation_tests
