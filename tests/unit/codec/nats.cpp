#include "framewire/codec/nats.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::nats_tests {
namespace {

using namespace std::string_view_literals;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;
using offsets = std::initializer_list<std::pair<bytes, std::uint64_t>>;

TEST(nats, a_payload_is_a_line_with_its_data) {
    for (const std::string one :
         {"PING\r\n", "PONG \r\n", "+OK\r\n", "-ERR 'no such thing'\r\n", "INFO {\"a\":1}\r\n",
          "CONNECT {}\r\n", "sub a.b 1\r\n", "UNSUB 1 5\r\n", "PUB a 0\r\n\r\n",
          "PUB a 5\r\na\r\nbc\r\n", "pub\ta  reply 2 \r\nHi\r\n",
          "HPUB a 12 14\r\nNATS/1.0\r\n\r\nHi\r\n", "MSG a 1 2\r\nHi\r\n", "MSG a 1 b 2\r\nHi\r\n",
          "HMSG a 1 12 14\r\nNATS/1.0\r\n\r\nHi\r\n", "PUB 99999999999 1\r\na\r\n"}) {
        EXPECT_EQ(read("nats", one + one), frames({{one, 0}, {one, one.size()}}));
        EXPECT_EQ(tests::encoded("nats", one), one);
        EXPECT_EQ(refusal("nats", one + one), errc::frame_wrong_size);
    }
}

TEST(nats, refuses_what_is_no_message) {
    for (const auto& [stream, offset] : offsets{{"GET / HTTP/1.1\r\n", 0},
                                                {"PINX\r\n", 3},
                                                {"PINGS\r\n", 4},
                                                {"PIN\r\n", 3},
                                                {" PING\r\n", 0},
                                                {"\r\n", 0},
                                                {"\n", 0},
                                                {"PING\n", 4},
                                                {"PING\rx", 5},
                                                {"SUB a\n", 5},
                                                {"PUB a 1\r\nab", 10},
                                                {"PUB a 1\r\na\rb", 11},
                                                {"\x16\x03"sv, 0},
                                                {"CONNECTCONNECT\r\n", 7},
                                                {"P\xff", 1},
                                                {"P\x7f", 1},
                                                {"p{", 1},
                                                {"PUB a 1\rx", 8},
                                                {"PUB a 1\r\na\n", 10}}) {
        EXPECT_EQ(read("nats", stream), failure(errc::frame_syntax, offset)) << stream;
    }
}

TEST(nats, sizes_are_strict) {
    for (const auto& [stream, offset] : offsets{{"PUB a 01\r\n", 8},
                                                {"PUB a b\r\n", 7},
                                                {"PUB a -1\r\n", 8},
                                                {"PUB 5\r\n", 5},
                                                {"PUB\r\n", 3},
                                                {"MSG a 5\r\n", 7},
                                                {"PUB a 12345678901\r\n", 17},
                                                {"PUB a 5x \r\n", 9},
                                                {"HMSG a 1 5\r\n", 10}}) {
        EXPECT_EQ(read("nats", stream), failure(errc::frame_length_syntax, offset)) << stream;
    }
}

TEST(nats, too_large_is_known_when_it_is_announced) {
    EXPECT_EQ(read("nats,max=13", "PUB a 2\r\nHi\r\n"), frames({{"PUB a 2\r\nHi\r\n", 0}}));
    EXPECT_EQ(read("nats,max=12", "PUB a 2\r\nHi\r\n"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("nats,max=13", "PUB a 9\r\n"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("nats,max=12,oversize=skip", "PUB a 2\r\nHi\r\nPING\r\n"),
              frames({{"", 0, true}, {"PING\r\n", 13}}));
}

TEST(nats, errors_name_what_was_expected) {
    EXPECT_EQ(message("nats", "XYZ"), R"(frame.syntax at 0: "XYZ" where a command was expected)");
    EXPECT_EQ(message("nats", "PINX"),
              R"(frame.syntax at 3: "X" where the rest of a command was expected)");
    EXPECT_EQ(message("nats", "PUB a b\r\n"),
              R"(frame.length_syntax at 7: "\r\n" where a size and CR LF was expected)");
    EXPECT_EQ(message("nats", "SUB a\n"), R"(frame.syntax at 5: "\n" where CR LF was expected)");
    EXPECT_EQ(message("nats", "PING\rx"), R"(frame.syntax at 5: "x" where LF was expected)");
    EXPECT_EQ(message("nats", "PUB a 1\r\nabc"),
              R"(frame.syntax at 10: "bc" where CR LF after its data was expected)");
    EXPECT_EQ(
        truncation("nats", "PUB a 2\r\nH"),
        "frame.truncated at 10: the stream ended after 10 bytes of a message of NATS, before "
        R"(the rest of its data: "PUB a 2\r\nH")");
}

TEST(nats, says_how_much_is_missing_at_least) {
    for (const auto& [stream, wanted] : offsets{{"PING", 2},
                                                {"PING\r", 1},
                                                {"PUB a 2\r", 5},
                                                {"PUB a 2\r\n", 4},
                                                {"PUB a 2\r\nHi", 2},
                                                {"PUB a 2\r\nHi\r", 1}}) {
        tests::stream_reader reader(tests::framing_of("nats").decoder());
        EXPECT_TRUE(reader.feed(stream));
        EXPECT_EQ(reader.wanted(), wanted) << stream;
    }
}

TEST(nats, words_without_end_are_counted) {
    std::string line = "SUB";
    for (int word = 0; word < 600; ++word) line += " a";
    line += "\r\n";
    EXPECT_EQ(tests::read_whole(tests::framing_of("nats").decoder(), line), frames({{line, 0}}));
}

}  // namespace
}  // namespace framewire::nats_tests
