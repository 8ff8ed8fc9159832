#include "framewire/transcript/printer.hpp"

#include "framewire/session/session.hpp"
#include "framewire/transcript/replay.hpp"
#include "framewire/transcript/transcript.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>

namespace framewire::printer_tests {
namespace {

using namespace std::chrono_literals;

const time_point start{};

TEST(transcript_printer, writes_whole_lines) {
    transcript_printer printer(start);
    EXPECT_EQ(printer.begin(*framing::parse("digits:2,max=64")), "framing digits:2,max=64\n");
    EXPECT_EQ(printer.from_peer("05Hello", start), "< \"05Hello\"\n");
    EXPECT_EQ(printer.to_peer(bytes("02\0\n", 4), start), "> \"02\" 00 \"\\n\"\n");
    EXPECT_EQ(printer.frame({.payload = "Hello"}, 0), "= frame \"Hello\" at 0\n");
    EXPECT_EQ(printer.peer_ended(start), "< eof\n");
    EXPECT_EQ(printer.finished(), "= finished\n");
    EXPECT_EQ(printer.failed({errc::frame_syntax, 7, "why"}, start),
              "= failed frame.syntax at 7: why\n");
    EXPECT_EQ(printer.failed({errc::io_reset, 7, ""}, start),
              "< reset\n= failed io.reset at 7: the peer reset the connection\n");
}

TEST(transcript_printer, writes_pauses_that_are_worth_a_line) {
    transcript_printer printer(start);
    EXPECT_EQ(printer.from_peer("0", start), "< \"0\"\n");
    EXPECT_EQ(printer.from_peer("0", start + 5s), "@ 5s\n< \"0\"\n");
    EXPECT_EQ(printer.to_peer("0", start + 5100ms), "@ 100ms\n> \"0\"\n");
    EXPECT_EQ(printer.peer_ended(start + 65100ms), "@ 1min\n< eof\n");
    EXPECT_EQ(printer.failed({errc::io_reset, 7, ""}, start + 65199ms).substr(0, 1), "<");
}

TEST(transcript_printer, keeps_every_pause_if_it_is_to_be_replayed) {
    transcript_printer printer(start);
    printer.keep_time();
    EXPECT_EQ(printer.from_peer("0", start), "< \"0\"\n");
    EXPECT_EQ(printer.from_peer("0", start + 1500us), "@ 1500us\n< \"0\"\n");
    EXPECT_EQ(printer.to_peer("0", start + 1500us + 999ns), "> \"0\"\n");
    EXPECT_EQ(printer.to_peer("0", start + 1501us + 1ns), "@ 1us\n> \"0\"\n");
    EXPECT_EQ(printer.peer_ended(start + 2501us), "@ 1ms\n< eof\n");
}

// A peer that trickles a byte every 99 ms must not seem to take no time at all.
TEST(transcript_printer, small_pauses_add_up) {
    transcript_printer printer(start);
    std::string text;
    for (int i = 1; i <= 50; ++i) text += printer.from_peer("0", start + i * 99ms);
    std::chrono::microseconds written{0};
    const auto parsed = transcript::parse("framing digits:64\n" + text);
    ASSERT_TRUE(parsed);
    for (const auto& line : parsed->lines) written += line.elapsed;
    EXPECT_GE(written, 4950ms - 100ms);
    EXPECT_LE(written, 4950ms);
}

TEST(transcript_printer, puts_pieces_together) {
    transcript_printer printer(start);
    EXPECT_EQ(printer.frame({.payload = "He", .announced = 5, .last = false}, 7), "");
    EXPECT_EQ(printer.frame({.payload = "ll", .announced = 5, .first = false, .last = false}, 7),
              "");
    EXPECT_EQ(printer.frame({.payload = "o", .announced = 5, .first = false}, 7),
              "= frame \"Hello\" at 7\n");
    EXPECT_EQ(printer.frame({.payload = "hi"}, 14), "= frame \"hi\" at 14\n");
}

TEST(transcript_printer, cuts_long_lines_and_says_so) {
    transcript_printer printer(start, 4);
    EXPECT_EQ(printer.from_peer("abcdefg", start), "< \"abcd\"\n# and 3 more bytes\n");
    EXPECT_EQ(printer.from_peer("abcd", start), "< \"abcd\"\n");
    EXPECT_EQ(printer.frame({.payload = "abcdef"}, 0),
              "= frame \"abcd\" at 0\n# and 2 more bytes\n");
    EXPECT_EQ(printer.frame({.payload = "abc", .last = false}, 0), "");
    EXPECT_EQ(printer.frame({.payload = "defgh", .first = false}, 0),
              "= frame \"abcd\" at 0\n# and 4 more bytes\n");
}

// What is printed of a conversation is a test of the same conversation.
TEST(transcript_printer, writes_what_can_be_replayed) {
    for (const char* spec : {"digits:2", "digits:2,count=chars", "digits:2,pad=space,max=9"}) {
        for (const bytes stream : {bytes("02hi"), bytes("5 Hello"), bytes("+5"), bytes("03ab\xFF"),
                                   bytes("02hi0"), bytes("02\0\x1b", 4), bytes("10xxxxxxxxxx")}) {
            session peer(*framing::parse(spec), {}, delivery::whole, start);
            transcript_printer printer(start);
            auto text = printer.begin(*framing::parse(spec)) + printer.from_peer(stream, start);
            const auto drain = [&] {
                while (const auto said = peer.next()) {
                    text += printer.event(*said, peer.failure(), start);
                }
                peer.hold();
            };
            peer.receive(stream);
            drain();
            if (!peer.over()) {
                text += printer.peer_ended(start);
                peer.receive_eof();
                drain();
            }
            const auto parsed = transcript::parse(text);
            ASSERT_TRUE(parsed) << parsed.error().message() << '\n' << text;
            const auto same = replay_every_way(*parsed);
            EXPECT_TRUE(same) << same.error().message() << '\n' << text;
        }
    }
}

}  // namespace
}  // namespace framewire::printer_tests
