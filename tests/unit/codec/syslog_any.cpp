#include "framewire/codec/syslog_any.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::syslog_any_tests {
namespace {

using namespace std::string_view_literals;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;
using offsets = std::initializer_list<std::pair<bytes, std::uint64_t>>;

TEST(syslog_any, reads_both_forms) {
    EXPECT_EQ(read("syslog-any", "5 <13>a<13>b\n<13>c\r\n0 7 <1>a\r\nb"),
              frames({{"<13>a", 0}, {"<13>b", 7}, {"<13>c", 13}, {"", 20}, {"<1>a\r\nb", 22}}));
    EXPECT_EQ(read("syslog-any",
                   "\n\r\n<1>a\n\0\0"
                   "4 <1>b\n"sv),
              frames({{"<1>a", 3}, {"<1>b", 10}}));
    EXPECT_EQ(read("syslog-any", "no priority\n\xC3\xA9\n"),
              frames({{"no priority", 0}, {"\xC3\xA9", 12}}));
}

TEST(syslog_any, a_carriage_return_within_a_line_is_payload) {
    EXPECT_EQ(read("syslog-any", "<\r\n<\r\r\n<\ra\n<\r\ra\r\n"),
              frames({{"<", 0}, {"<\r", 3}, {"<\ra", 7}, {"<\r\ra", 11}}));
}

TEST(syslog_any, sends_the_octet_count) {
    EXPECT_EQ(tests::encoded("syslog-any", "<13>a"), "5 <13>a");
    EXPECT_EQ(tests::encoded("syslog-any", ""), "0 ");
    EXPECT_EQ(tests::refusal_to_begin("syslog-any", 10'000'000'000), errc::frame_too_large);
    EXPECT_EQ(tests::framing_of("syslog-any").describe().own, grammar::syslog_any);
}

TEST(syslog_any, refuses_what_is_neither) {
    for (const auto& [stream, offset] :
         offsets{{"\x16\x03\x01"sv, 0}, {"\t<13>", 0}, {"\x7f", 0}}) {
        EXPECT_EQ(read("syslog-any", stream), failure(errc::frame_syntax, offset)) << stream;
    }
    for (const auto& [stream, offset] :
         offsets{{"05 ", 1}, {"5<", 1}, {"5\n", 1}, {"1a ", 1}, {"12345678901 ", 10}}) {
        EXPECT_EQ(read("syslog-any", stream), failure(errc::frame_length_syntax, offset))
            << stream;
    }
}

TEST(syslog_any, sizes_are_those_of_the_payload) {
    EXPECT_EQ(read("syslog-any,max=2", "2 ab<a\n<b\r\n"),
              frames({{"ab", 0}, {"<a", 4}, {"<b", 7}}));
    EXPECT_EQ(read("syslog-any,max=2", "3"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("syslog-any,max=2", "<ab\n"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("syslog-any,max=2", "<a\rb\n"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("syslog-any,max=2,oversize=skip", "3 abc<ab\n<a\n"),
              frames({{"", 0, true}, {"", 5, true}, {"<a", 9}}));
}

TEST(syslog_any, errors_name_what_was_expected) {
    EXPECT_EQ(message("syslog-any", "\x01"),
              R"(frame.syntax at 0: "\x01" where a digit or the first character of a line was )"
              "expected");
    EXPECT_EQ(message("syslog-any", "5x"),
              R"(frame.length_syntax at 1: "x" where a decimal length and a space was expected)");
    EXPECT_EQ(
        truncation("syslog-any", "<a"),
        "frame.truncated at 2: the stream ended after 2 bytes of a syslog message, before LF: "
        R"("<a")");
    EXPECT_EQ(
        truncation("syslog-any", "5 a"),
        "frame.truncated at 3: the stream ended after 1 bytes of a syslog message, before the "
        R"(rest of it: "5 a")");
    tests::stream_reader reader(tests::framing_of("syslog-any").decoder());
    EXPECT_TRUE(reader.feed("5 a"));
    EXPECT_EQ(reader.wanted(), 4U);
    EXPECT_TRUE(reader.feed(""));
}

}  // namespace
}  // namespace framewire::syslog_any_tests
