#include "walkthrough/walk.hpp"

#include "dissection.hpp"
#include "every_framing.hpp"
#include "random_bytes.hpp"
#include "shown_columns.hpp"
#include "walkthrough/walk_text.hpp"

#include "framewire/transcript/replay.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::walk_tests {
namespace {

using namespace std::chrono_literals;
using tests::framing_of;

// A whole walkthrough, as `trace` prints it.
std::string walk_through(std::string_view spec, const tests::chunks& chunks, bool colour = false) {
    walk receiver(framing_of(spec), limits{});
    auto text = "framing " + std::string(spec) + '\n';
    for (const auto chunk : chunks) text += print_step(receiver.receive(chunk), "chunk", colour);
    return text + receiver.receive_eof();
}

std::string without_comments(const std::string& text) {
    std::string rest;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with('#')) rest += line + '\n';
    }
    return rest;
}

std::string without_explanation(std::string_view spec, const tests::chunks& chunks) {
    walk receiver(framing_of(spec), limits{});
    auto text = "framing " + std::string(spec) + '\n';
    for (const auto chunk : chunks) text += print_transcript(receiver.receive(chunk));
    return text + receiver.receive_eof();
}

TEST(walk, tells_an_event_with_the_frame_that_it_is_about) {
    EXPECT_EQ(walk_through("netstring", {"2:hi,3:a", "bc,x"}),
              R"(framing netstring
# chunk: 8 bytes, 0 to 7
# before    a new message
< "2:hi,3:a"
# header    "2:" = 2 bytes
# payload   "hi", 2 bytes: 2 of 2 bytes
# trailer   ","
# check     2 >= 2, complete
= frame "hi" at 0
# header    "3:" = 3 bytes
# payload   "a", 1 byte: 1 of 3 bytes
# check     1 < 3, continue
# after     in a message of 3 bytes, 1 assembled: "a"
# chunk: 4 bytes, 8 to 11
# before    in a message of 3 bytes, 1 assembled: "a"
< "bc,x"
# payload   "bc", 2 bytes: 3 of 3 bytes
# trailer   ","
# check     3 >= 3, complete
= frame "abc" at 5
# header    "x", 1 byte
# check     wrong at 11: frame.syntax
= failed frame.syntax at 11: "x" where a decimal length and ":" were expected
# after     the stream cannot be read further
)");
}

TEST(walk, says_where_a_chunk_stands_behind_a_failure) {
    const auto text = walk_through("digits:2", {"x12", "345"});
    EXPECT_NE(text.find("# chunk: 3 bytes, 3 to 5\n# before    the stream cannot be read further\n"
                        "< \"345\"\n# after     the stream cannot be read further\n"),
              std::string::npos)
        << text;
}

TEST(walk, follows_time_and_the_end) {
    walk receiver(framing_of("digits:10"), limits{});
    receiver.receive("000");
    EXPECT_EQ(receiver.pass(4s), "@ 4s\n");
    EXPECT_EQ(receiver.pass(1s),
              "@ 1s\n= failed io.timeout_header at 3: no complete header within "
              "5s of its first byte\n");
    EXPECT_EQ(receiver.failure()->code, errc::io_timeout_header);
    EXPECT_EQ(receiver.receive_eof(), "");
    walk cut_short(framing_of("digits:10"), limits{});
    cut_short.receive("0000000002h");
    EXPECT_TRUE(cut_short.receive_reset().starts_with("< reset\n= failed io.reset at 11"));
}

TEST(walk, goes_on_after_a_gap) {
    walk receiver(framing_of("digits:2,first=u8"), limits{}, direction::sent);
    EXPECT_EQ(print_transcript(receiver.receive("\x05Hel")), "> 05 \"Hel\"\n");
    EXPECT_TRUE(receiver.open());
    EXPECT_EQ(receiver.pass_gap(100), "> gap 100\n");
    EXPECT_FALSE(receiver.open());
    EXPECT_EQ(receiver.state(), "a new message");
    const auto step = receiver.receive("02hix");
    EXPECT_EQ(step.offset, 104U);
    EXPECT_EQ(print_transcript(step),
              "> \"02hix\"\n=> frame \"hi\" at 104\n=> failed frame.syntax at 108: \"x\" "
              "where 2 bytes of decimal digits were expected\n");
    EXPECT_EQ(step.parts.at(0).frame.payload_offset(), 106U);
    EXPECT_EQ(receiver.pass_gap(1), "> gap 1\n");
    EXPECT_EQ(receiver.failure(), nullptr);
    EXPECT_EQ(print_transcript(receiver.receive("00")), "> \"00\"\n=> frame \"\" at 110\n");
    EXPECT_EQ(receiver.receive_eof(), "> eof\n=> finished\n");
}

TEST(walk, takes_more_tiny_frames_than_a_session_does_in_a_second) {
    const std::string many(1000, '\0');
    walk receiver(framing_of("u8"), {.tiny_frames_per_second_max = 10});
    const auto step = receiver.receive(many);
    ASSERT_EQ(step.parts.size(), many.size());
    EXPECT_EQ(step.parts.back().events, "= frame \"\" at 999\n");
    EXPECT_EQ(receiver.receive_eof(), "< eof\n= finished\n");
}

TEST(walk, gives_each_part_before_it_decodes_the_next_but_one) {
    walk receiver(framing_of("line"), limits{});
    std::vector<std::string> seen;
    receiver.receive("one\ntwo\nthree\nfo", [&](walk_part&& part) {
        seen.push_back(part.frame.payload + ": " + part.events + receiver.state());
    });
    ASSERT_EQ(seen.size(), 4U);
    EXPECT_EQ(seen[0], "one: = frame \"one\" at 0\na new message");
    EXPECT_EQ(seen[1], "two: = frame \"two\" at 4\na new message");
    EXPECT_TRUE(seen[2].starts_with("three: = frame \"three\" at 8\n")) << seen[2];
    EXPECT_TRUE(seen[3].starts_with("fo: ")) << seen[3];
}

class walks : public testing::TestWithParam<std::string_view> {};

// Whatever the bytes: what `trace` prints can be put among the tests as it stands.
TEST_P(walks, are_transcripts_that_replay) {
    tests::random_bytes random(3);
    for (int round = 0; round < 60; ++round) {
        std::string stream;
        const auto frames = framing_of(GetParam());
        while (random.below(4) != 0) static_cast<void>(frames.encode("Greetings,server", stream));
        if (round % 2 == 0) stream += random.hostile(random.below(30));
        if (round % 3 == 0 && !stream.empty()) stream[random.below(stream.size())] = random.byte();
        const auto chunks = tests::in_pieces_of(stream, 1 + random.below(20));
        const auto text = walk_through(GetParam(), chunks);
        EXPECT_EQ(without_comments(text),
                  without_comments(without_explanation(GetParam(), chunks)));
        EXPECT_EQ(tests::without_colour(walk_through(GetParam(), chunks, true)), text);
        const auto parsed = transcript::parse(text);
        ASSERT_TRUE(parsed) << parsed.error().message() << '\n' << text;
        const auto same = replay(*parsed, as_written{});
        EXPECT_TRUE(same) << same.error().message() << '\n' << text;
    }
}

INSTANTIATE_TEST_SUITE_P(every, walks, testing::ValuesIn(tests::every_framing));

std::string anatomy(std::string_view spec, bytes stream, const std::vector<std::uint64_t>& ends,
                    bool colour = false) {
    const auto frames = framing_of(spec);
    dissector receiver(frames, unknown_length - 1);
    const auto found = receiver.receive(stream);
    return print_anatomy(frames, stream, stream.size(), found, ends, receiver.failure(), colour);
}

TEST(anatomy, names_every_part_and_where_it_stands) {
    const auto text = anatomy("netstring", "2:hi,0:,", {8});
    EXPECT_EQ(text, R"(# position    0  1  2  3  4  5  6  7
# byte        2  :  h  i  ,  0  :  ,
#            |-h-| |-p-|  t |-h-|  t
#
# header    0 to 1      "2:" = 2 bytes
# payload   2 to 3      "hi"
# trailer   4           ","
#
# header    5 to 6      "0:" = 0 bytes
# payload   empty       ""
# trailer   7           ","
)");
    EXPECT_EQ(tests::without_colour(anatomy("netstring", "2:hi,0:,", {8}, true)), text);
}

TEST(anatomy, shows_a_payload_that_came_before_its_length) {
    EXPECT_EQ(anatomy("u8,lead=2", bytes("ab\0", 3), {3}), R"(# position    0  1  2
# byte       61 62 00
#            |header|
#
# header    0 to 2      after 61 62: 00 = 2 bytes
# payload   in header   "ab"
)");
}

TEST(anatomy, of_a_failure_says_what_is_wrong_and_where) {
    EXPECT_EQ(anatomy("digits:4,max=2", "0003abc", {7}), R"(# position    0  1  2  3  4  5  6
# byte        0  0  0  3  a  b  c
#            |--wrong--|
#
# header    0 to 3      "0003"
# wrong     0 to 3      frame.too_large
)");
}

TEST(anatomy, leaves_out_and_says_so) {
    const auto text_of = [](std::size_t size) {
        return anatomy("digits:3", "252" + std::string(252, 'x') + std::string(size, '0'), {});
    };
    EXPECT_EQ(text_of(0).find("more byte"), std::string::npos);
    EXPECT_NE(text_of(1).find("\n# and 1 more byte\n"), std::string::npos);
    EXPECT_NE(text_of(2).find("\n# and 2 more bytes\n"), std::string::npos);
    EXPECT_EQ(text_of(2).find("255"), std::string::npos) << "a part that is not shown is named";
}

}  // namespace
}  // namespace framewire::walk_tests
