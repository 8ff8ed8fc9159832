#include "framewire/transcript/conversations.hpp"

#include "framewire/transcript/replay.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>
#include <vector>

namespace framewire::conversations_tests {
namespace {

using namespace std::chrono_literals;
using kind = transcript_line::kind;

conversations read(const std::string& text) {
    auto parsed = conversations::parse(text);
    EXPECT_TRUE(parsed) << parsed.error().message();
    return *parsed;
}

std::string print_one(const conversations& all, std::uint64_t number) {
    const auto found = all.connection(number);
    return print(conversations{found.framing, found.lines});
}

constexpr const char* two =
    "framing digits:2\n"
    "@ 1500us\n"
    "< \"02hi\"\n"
    "connection 7\n"
    "framing u8\n"
    "< 02 \"ho\"\n"
    "= frame \"ho\" at 0\n"
    "connection 1\n"
    "= frame \"hi\" at 0\n"
    "@ 2ms\n"
    "< eof\n"
    "= finished\n"
    "@ 1h\n"
    "connection 7\n"
    "< eof\n"
    "= finished\n";

TEST(conversations, knows_which_connection_a_line_belongs_to) {
    const auto all = read(two);
    EXPECT_EQ(all.connections(), (std::vector<std::uint64_t>{1, 7}));
    std::vector<std::uint64_t> numbers;
    for (const auto& line : all.lines) numbers.push_back(line.connection);
    EXPECT_EQ(numbers, (std::vector<std::uint64_t>{1, 1, 7, 7, 7, 1, 1, 1, 1, 1, 7, 7}));
    EXPECT_EQ(all.lines[0].elapsed, 1500us);
    EXPECT_EQ(all.lines[11].number, 16U);
}

TEST(conversations, is_printed_as_it_is_read) {
    EXPECT_EQ(print(read(two)), two);
    EXPECT_EQ(print(read("framing raw\nconnection 1\n@ 0.5ms\n@ 3000us\n# words\n> gap 3\n")),
              "framing raw\n@ 500us\n@ 3ms\n# words\n> gap 3\n");
}

TEST(conversations, gives_each_connection_its_own_framing_and_the_common_clock) {
    const auto all = read(two);
    EXPECT_EQ(print_one(all, 1),
              "framing digits:2\n@ 1500us\n< \"02hi\"\n= frame \"hi\" at 0\n@ 2ms\n< eof\n"
              "= finished\n@ 1h\n");
    EXPECT_EQ(print_one(all, 7),
              "framing u8\nconnection 7\n< 02 \"ho\"\n= frame \"ho\" at 0\n@ 2ms\n@ 1h\n"
              "< eof\n= finished\n");
    for (const auto number : all.connections()) {
        const auto one = replay(all.connection(number), in_one_piece{});
        EXPECT_TRUE(one) << one.error().message();
    }
}

TEST(conversations, of_one_connection_is_a_transcript_whatever_its_number) {
    const auto one =
        transcript::parse("framing u8\n@ 1s\nconnection 3\n< 00\n= frame \"\" at 0\n");
    ASSERT_TRUE(one) << one.error().message();
    EXPECT_EQ(one->lines.size(), 3U);
    EXPECT_TRUE(replay(*one, in_one_piece{}));
}

TEST(conversations, of_several_connections_is_no_transcript) {
    const auto refused = transcript::parse(two);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message(),
              "line 5: connection 7 begins here, and only one connection can be read");
}

TEST(conversations, refuses_what_is_no_number_of_a_connection) {
    for (const char* wrong : {"connection 0", "connection -1", "connection one", "connection 1 2",
                              "connection 18446744073709551616"}) {
        const auto all = conversations::parse("framing raw\n" + std::string(wrong) + "\n");
        ASSERT_FALSE(all) << wrong;
        EXPECT_EQ(all.error().message(), "line 2: expected the number of a connection, from 1");
    }
    EXPECT_EQ(conversations::parse("connection 2\nframing raw\n").error().message(),
              "line 1: expected framing SPEC first");
}

}  // namespace
}  // namespace framewire::conversations_tests
