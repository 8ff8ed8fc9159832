#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::diagnosis_of_fields_tests {
namespace {

using tests::framing_of;
using tests::stream_reader;

// The guess after the facts in the error that this stream ends with.
std::string sentence_of(std::string_view spec, std::string_view stream) {
    stream_reader reader(framing_of(spec).decoder());
    if (reader.feed(stream)) return "no error";
    const auto words = reader.decoder().failure().words;
    const auto border = words.rfind("; ");
    return border == std::string::npos ? "" : words.substr(border + 2);
}

constexpr auto line_feed =
    "0x0a ends this line without 0x0d before it: eol=lf or eol=any reads it";
constexpr auto no_space = "one space belongs after the colon: blanks=any reads lines without it";

TEST(diagnosis_of_fields, names_the_byte_that_is_wrong) {
    struct fault {
        std::string_view sentence;
        std::string_view stream;
    };
    for (const auto& [sentence, stream] : {
             fault{line_feed, "Content-Length: 5\n\nHello"},
             {line_feed, "Host: x\nContent-Length: 5\r\n\r\nHello"},
             {line_feed, "Content-Length: 5\r\n\nHello"},
             {line_feed, "\nContent-Length: 5\r\n\nHello"},
             {no_space, "Content-Length:5\r\n\r\nHello"},
             {no_space, "Host:x\r\nContent-Length: 5\r\n\r\nHello"},
             {"more than one space after the colon: blanks=any reads it",
              "Content-Length:  5\r\n\r\nHello"},
             {"more than one space after the colon: blanks=any reads it",
              "Content-Length: \t5\r\n\r\nHello"},
             {"a space after the length: blanks=any reads it",
              "A: b\r\nContent-Length: 5 \r\n\r\nHello"},
             {"a space is before the colon", "Content-Length : 5\r\n\r\nHello"},
             {"looks like text without a header", "Content-Length 5\r\n\r\nHello"},
             {"looks like text without a header", "Content-Length-And-More-Of-The-Name : 5"},
             {"a byte order mark is before the header",
              "\xEF\xBB\xBF"
              "Content-Length: 5\r\n\r\nHello"},
             {"a byte order mark is before the header", "\xFE\xFF\0C"},
             {"a byte order mark is before the header",
              "\xFF\xFE"
              "C\0"},
             {"this is the second length", "Content-Length: 5\r\nContent-Length: 5\r\n\r\n"},
             {"Transfer-Encoding says another length", "Transfer-Encoding: chunked\r\n"},
             {"the header ends without a length: missing=0 reads it as an empty payload",
              "Content-Type: text/plain\r\n\r\nHello"},
             {"", "Content-Length: +5\r\n\r\nHello"},
             {"", "Content-Length: 5\r\rHello"},
             {"", "Content-Length: \r\n"},
         }) {
        EXPECT_EQ(sentence_of("content-length", stream), sentence)
            << testing::PrintToString(stream);
    }
}

TEST(diagnosis_of_fields, names_a_carriage_return_where_lines_end_with_lf) {
    constexpr auto sentence = "0x0d is at the end of this line: eol=crlf or eol=any reads it";
    for (const auto* const stream :
         {"Content-Length: 5\r\n\r\nHello", "Host: x\r\n", "Content-Length: 5\n\r\nHello"}) {
        EXPECT_EQ(sentence_of("content-length,eol=lf", stream), sentence) << stream;
    }
    EXPECT_EQ(sentence_of("content-length,eol=lf", "Host:\n"), no_space);
    EXPECT_EQ(sentence_of("content-length,blanks=any", "Content-Length: x"), "");
    EXPECT_EQ(sentence_of("content-length,blanks=any", "Host:\x01"), "");
}

// What is wrong is the number of bytes.
TEST(diagnosis_of_fields, names_no_byte_of_a_header_that_is_too_long) {
    EXPECT_EQ(sentence_of("content-length", "A: " + std::string(5000, 'x')), "");
    EXPECT_EQ(sentence_of("content-length,max=5", "Content-Length: 10\r\n\r\nHelloHello"), "");
}

}  // namespace
}  // namespace framewire::diagnosis_of_fields_tests
