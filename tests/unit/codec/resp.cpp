#include "framewire/codec/resp.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::resp_tests {
namespace {

using namespace std::string_view_literals;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;

TEST(resp, a_payload_is_one_value) {
    for (const auto value : {"+\r\n"sv,
                             "+OK\r\n"sv,
                             "-ERR no\r\n"sv,
                             ":-12\r\n"sv,
                             ":+0\r\n"sv,
                             "$0\r\n\r\n"sv,
                             "$5\r\na\r\n\0b\r\n"sv,
                             "$-1\r\n"sv,
                             "*-1\r\n"sv,
                             "*0\r\n"sv,
                             "*2\r\n$1\r\na\r\n*1\r\n_\r\n"sv,
                             "_\r\n"sv,
                             "#t\r\n"sv,
                             "#f\r\n"sv,
                             ",-1.5e+10\r\n"sv,
                             ",inf\r\n"sv,
                             ",nan\r\n"sv,
                             "(-123456789012345678901234567890\r\n"sv,
                             "!5\r\nERR a\r\n"sv,
                             "=5\r\ntxt:a\r\n"sv,
                             "%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n"sv,
                             "~2\r\n:1\r\n:2\r\n"sv,
                             ">1\r\n+pong\r\n"sv,
                             "|1\r\n+ttl\r\n:3\r\n$1\r\na\r\n"sv,
                             "%0\r\n"sv,
                             "|0\r\n_\r\n"sv}) {
        const std::string one(value);
        EXPECT_EQ(read("resp", one + "_\r\n" + one),
                  frames({{one, 0}, {"_\r\n", one.size()}, {one, one.size() + 3}}));
        EXPECT_EQ(tests::encoded("resp", one), one);
        EXPECT_EQ(refusal("resp", one + one), errc::frame_wrong_size);
        EXPECT_EQ(refusal("resp", value.substr(0, value.size() - 1)), errc::frame_wrong_size);
    }
    EXPECT_EQ(refusal("resp", ""), errc::frame_wrong_size);
}

TEST(resp, nesting_has_no_bound_but_the_size) {
    std::string value;
    for (int depth = 0; depth < 1000; ++depth) value += "*1\r\n";
    value += "_\r\n";
    EXPECT_EQ(tests::read_whole(tests::framing_of("resp").decoder(), value), frames({{value, 0}}));
}

TEST(resp, refuses_what_is_no_value) {
    for (const auto& [stream, offset] : std::initializer_list<std::pair<bytes, std::uint64_t>>{
             {"PING\r\n", 0}, {"+a\nb\r\n", 2},  {"+a\rb\r\n", 3},  {":\r\n", 1},
             {":1a\r\n", 2},  {":--1\r\n", 2},   {":-\r\n", 2},     {":1.5\r\n", 2},
             {",x\r\n", 1},   {"#x\r\n", 1},     {"#t \r\n", 2},    {"_a\r\n", 1},
             {"_\ra", 2},     {"$1\r\nab\n", 5}, {"$1\r\na\ra", 6}, {"$-2\r\n", 2},
             {"$-1a\r\n", 3}, {",\0\r\n"sv, 1},  {"*1\r\n\r\n", 4}, {"$1\ra", 3}}) {
        EXPECT_EQ(read("resp", stream).error_offset, offset) << stream;
        EXPECT_EQ(refusal("resp", stream).value_or(errc{}), read("resp", stream).error);
    }
}

TEST(resp, lengths_are_strict) {
    for (const auto& [stream, offset] :
         std::initializer_list<std::pair<bytes, std::uint64_t>>{{"$01\r\n", 2},
                                                                {"$+1\r\n", 1},
                                                                {"$\r\n", 1},
                                                                {"$1 \r\n", 2},
                                                                {"$1\n", 2},
                                                                {"$?\r\n", 1},
                                                                {"%-1\r\n", 1},
                                                                {"!-1\r\n", 1},
                                                                {"*1-\r\n", 2},
                                                                {"$-2\r\n", 2},
                                                                {"*12345678901\r\n", 11}}) {
        EXPECT_EQ(read("resp", stream), failure(errc::frame_length_syntax, offset)) << stream;
    }
}

TEST(resp, too_large_is_known_when_it_is_announced) {
    EXPECT_EQ(read("resp,max=9", "$3\r\nabc\r\n"), frames({{"$3\r\nabc\r\n", 0}}));
    EXPECT_EQ(read("resp,max=9", "$4\r\nabcd\r\n"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("resp,max=9", "+a\r\n$8"), failure(errc::frame_too_large, 4, {{"+a\r\n", 0}}));
    EXPECT_EQ(read("resp,max=9", "*6\r\n"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("resp,max=9", "%3\r\n"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("resp,max=9", "*9999999999\r\n"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("resp", "$9999999999\r\n", 1 << 20), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("resp,max=9,oversize=skip", "$4\r\nabcd\r\n+a\r\n"),
              frames({{"", 0, true}, {"+a\r\n", 10}}));
}

TEST(resp, errors_name_what_was_expected) {
    EXPECT_EQ(message("resp", "PING\r\n"),
              R"(frame.syntax at 0: "PING\r\n" where a type of RESP was expected; looks like an )"
              "inline command");
    EXPECT_EQ(message("resp", "GET / HTTP/1.1\r\n"),
              R"(frame.syntax at 0: "GET / HTTP/1.1\r\n" where a type of RESP was expected; )"
              "looks like an HTTP request");
    EXPECT_EQ(
        message("resp", "$01\r\n"),
        R"(frame.length_syntax at 2: "1\r\n" where a decimal length and CR LF was expected)");
    EXPECT_EQ(message("resp", "$-2\r\n"),
              R"(frame.length_syntax at 2: "2\r\n" where -1 was expected)");
    EXPECT_EQ(message("resp", ":x"), R"(frame.syntax at 1: "x" where a number was expected)");
    EXPECT_EQ(message("resp", "#x"), R"(frame.syntax at 1: "x" where t or f was expected)");
    EXPECT_EQ(message("resp", "_\rx"), R"(frame.syntax at 2: "x" where LF was expected)");
    EXPECT_EQ(message("resp", "$1\r\na\rx"), R"(frame.syntax at 6: "x" where LF was expected)");
    EXPECT_EQ(message("resp", "$1\r\nabc"), R"(frame.syntax at 5: "bc" where CR LF was expected)");
    EXPECT_EQ(message("resp,max=5", "$9\r\n"),
              R"(frame.too_large at 0: a RESP value of more than the 5 bytes allowed: "$9\r\n")");
    EXPECT_EQ(truncation("resp", "$3\r\nab"),
              "frame.truncated at 6: the stream ended after 6 bytes of a RESP value, before the "
              R"(rest of its data: "$3\r\nab")");
}

TEST(resp, says_how_much_is_missing_at_least) {
    for (const auto& [stream, wanted] :
         std::initializer_list<std::pair<bytes, std::uint64_t>>{{"$", 2},
                                                                {"$3\r", 1},
                                                                {"$3\r\n", 5},
                                                                {"$3\r\nabc", 2},
                                                                {"$3\r\nabc\r", 1},
                                                                {"*2\r\n", 6},
                                                                {"*2\r\n+", 5},
                                                                {"#", 3},
                                                                {"$-", 3},
                                                                {"_", 2}}) {
        tests::stream_reader reader(tests::framing_of("resp").decoder());
        EXPECT_TRUE(reader.feed(stream));
        EXPECT_EQ(reader.wanted(), wanted) << stream;
    }
}

}  // namespace
}  // namespace framewire::resp_tests
