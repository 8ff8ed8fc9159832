#include "framewire/codec/fix.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::fix_tests {
namespace {

using namespace std::string_literals;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using offsets = std::initializer_list<std::pair<bytes, std::uint64_t>>;

const auto heartbeat = "8=FIX.4.4\0019=5\00135=0\00110=163\001"s;

// In two pieces, cut at each place.
std::string written(bytes payload, std::size_t cut) {
    const auto framing = tests::framing_of("fix");
    std::string out;
    auto frame = framing.begin(payload.size(), out).value();
    EXPECT_TRUE(framing.append(frame, payload.substr(0, cut), out));
    EXPECT_TRUE(framing.append(frame, payload.substr(cut), out));
    EXPECT_TRUE(framing.end(frame, out));
    return out;
}

TEST(fix, a_payload_is_field_8_and_the_body) {
    EXPECT_EQ(read("fix", heartbeat + heartbeat),
              frames({{"8=FIX.4.4\00135=0\001", 0}, {"8=FIX.4.4\00135=0\001", heartbeat.size()}}));
    EXPECT_EQ(tests::encoded("fix", "8=FIX.4.4\00135=0\001"), heartbeat);
    for (std::size_t cut = 0; cut <= 15; ++cut) {
        EXPECT_EQ(written("8=FIX.4.4\00135=0\001", cut), heartbeat);
    }
    // Bytes above 127 are summed as such.
    const std::string payload =
        "8=FIXT.1.1\001"
        "58=\xff\xfe\001";
    EXPECT_EQ(read("fix", tests::encoded("fix", payload)), frames({{payload, 0}}));
    EXPECT_EQ(tests::framing_of("fix").describe().own, grammar::fix);
}

TEST(fix, refuses_what_is_no_message) {
    for (const auto& [stream, offset] : offsets{{"9=5\001", 0},
                                                {"8=FXX", 3},
                                                {"8=FIX.4.4|9=5", 9},
                                                {"8=FIX 4", 5},
                                                {"8=FIX.4.4\00135=0", 10},
                                                {"8=FIX.4.4\0019:", 11},
                                                {"8=FIXxxxxxxxxxxxxxxxxxxxxxxxxxxx", 31},
                                                {"8=FIX.4.4\0019=5\00135=0|10=163\001", 18},
                                                {"8=FIX.4.4\0019=5\00135=0\00111=163\001", 20},
                                                {"8=FIX.4.4\0019=5\00135=0\00110=063\001", 22},
                                                {"8=FIX.4.4\0019=5\00135=0\00110=164\001", 24},
                                                {"8=FIX.4.4\0019=5\00135=0\00110=163|", 25}}) {
        EXPECT_EQ(read("fix", stream), failure(errc::frame_syntax, offset)) << stream;
    }
    for (const auto& [stream, offset] : offsets{{"8=FIX.4.4\0019=05\001", 13},
                                                {"8=FIX.4.4\0019=\001", 12},
                                                {"8=FIX.4.4\0019=0\001", 13},
                                                {"8=FIX.4.4\0019=5|", 13},
                                                {"8=FIX.4.4\0019=-5", 12}}) {
        EXPECT_EQ(read("fix", stream), failure(errc::frame_length_syntax, offset)) << stream;
    }
}

TEST(fix, sizes_are_those_of_the_payload) {
    EXPECT_EQ(read("fix,max=15", heartbeat), frames({{"8=FIX.4.4\00135=0\001", 0}}));
    EXPECT_EQ(read("fix,max=14", heartbeat), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("fix,max=8", heartbeat), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("fix,max=14,oversize=skip", heartbeat + heartbeat),
              frames({{"", 0, true}, {"", heartbeat.size(), true}}));
}

TEST(fix, refuses_payloads_that_are_no_message) {
    EXPECT_EQ(refusal("fix", ""), errc::frame_syntax);
    EXPECT_EQ(refusal("fix", "35=0\001"), errc::frame_syntax);
    EXPECT_EQ(refusal("fix", "8=FIX.4.4"), errc::frame_syntax);
    EXPECT_EQ(refusal("fix", "8=FIX.4.4\001"), errc::frame_wrong_size);
    EXPECT_EQ(refusal("fix", "8=FIX.4.4\00135=0"), errc::frame_syntax);
    const auto framing = tests::framing_of("fix");
    std::string out;
    EXPECT_EQ(framing.begin(unknown_length, out).error(), errc::frame_wrong_size);
    auto frame = framing.begin(16, out).value();
    EXPECT_TRUE(framing.append(frame, "8=FIX.4.4\00135=0\001", out));
    const auto before = out;
    EXPECT_EQ(framing.end(frame, out).error(), errc::frame_wrong_size);
    EXPECT_EQ(framing.append(frame, "ab", out).error(), errc::frame_wrong_size);
    EXPECT_EQ(out, before);
}

TEST(fix, errors_name_what_was_expected) {
    EXPECT_EQ(message("fix", "35=0"),
              R"(frame.syntax at 0: "35=0" where 8=FIX and a version that SOH ends was expected)");
    EXPECT_EQ(message("fix", "8=FIX.4.4\00135"),
              R"(frame.syntax at 10: "35" where 9= and the body's length was expected)");
    EXPECT_EQ(message("fix", "8=FIX.4.4\0019=a"),
              R"(frame.length_syntax at 12: "a" where a decimal length and SOH was expected)");
    EXPECT_EQ(message("fix", "8=FIX.4.4\0019=4\00135=0\001"),
              R"(frame.syntax at 17: "0\x01" where SOH at the end of a body of this length was )"
              "expected");
    EXPECT_EQ(message("fix", "8=FIX.4.4\0019=5\00135=0\00110=164\001"),
              R"(frame.syntax at 24: "4\x01" where "10=163\x01" was expected)");
}

TEST(fix, says_how_much_is_missing_at_least) {
    for (const auto& [stream, wanted] : offsets{{"8", 1},
                                                {"8=FIX.4.4\001", 11},
                                                {"8=FIX.4.4\0019=5", 8},
                                                {"8=FIX.4.4\0019=5\001", 12},
                                                {"8=FIX.4.4\0019=5\00135=0\00110", 5}}) {
        tests::stream_reader reader(tests::framing_of("fix").decoder());
        EXPECT_TRUE(reader.feed(stream));
        EXPECT_EQ(reader.wanted(), wanted) << stream;
        EXPECT_EQ(tests::truncation("fix", stream).substr(0, 15), "frame.truncated");
    }
}

}  // namespace
}  // namespace framewire::fix_tests
