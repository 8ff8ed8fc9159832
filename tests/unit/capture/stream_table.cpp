#include "capture/stream_table.hpp"

#include "captured_talk.hpp"

#include <gtest/gtest.h>

namespace framewire::stream_table_tests {
namespace {

using tests::captured_talk;
using tests::text_of;

TEST(captured_stream, has_both_directions_in_the_order_of_their_segments) {
    captured_talk talk;
    talk.open().client(0, "Hello").server(0, "Hi").client(5, "!").client(6, "", "FA");
    talk.server(2, "", "FA");
    const auto found = talk.read();
    EXPECT_EQ(text_of(found), "client[Hello] server[Hi] client[!] client.fin server.fin");
    const auto& stream = found->streams.at(0);
    EXPECT_EQ(stream.number, 0U);
    EXPECT_EQ(stream.client, "10.0.0.1:40000");
    EXPECT_EQ(stream.server, "10.0.0.2:7000");
    EXPECT_EQ(stream.pieces.at(0).time, std::chrono::microseconds(3));
    EXPECT_EQ(stream.pieces.at(4).time, std::chrono::microseconds(7));
}

TEST(captured_stream, is_put_in_order) {
    captured_talk talk;
    talk.open().client(6, "ef").client(2, "cd").client(8, "g").client(0, "ab").client(4, "..");
    EXPECT_EQ(text_of(talk.read()), "client[ab] client[cd] client[..] client[ef] client[g]");
    EXPECT_EQ(talk.read()->streams.at(0).pieces.at(1).time, std::chrono::microseconds(6));
}

TEST(captured_stream, has_each_byte_once) {
    captured_talk talk;
    talk.open()
        .client(0, "Hello")
        .client(0, "Hello")
        .client(0, "He")
        .client(3, "lo!")
        .client(2, "");
    EXPECT_EQ(text_of(talk.read()), "client[Hello] client[!]");
}

TEST(captured_stream, keeps_what_came_first_where_segments_overlap) {
    captured_talk behind;
    behind.open().client(0, "abc").client(0, "ABCDE").client(4, "xf");
    EXPECT_EQ(text_of(behind.read()), "client[abc] client[DE] client[f]");
    captured_talk ahead;  // waiting: ..CD..GH, then all of it again in small letters
    ahead.open().client(2, "CD").client(6, "GH").client(1, "bcdefghi").client(0, "a");
    EXPECT_EQ(text_of(ahead.read()),
              "client[a] client[b] client[CD] client[ef] client[GH] client[i]");
    captured_talk same;
    same.open().client(2, "CD").client(2, "xxE").client(3, "yyF").client(0, "ab");
    EXPECT_EQ(text_of(same.read()), "client[ab] client[CD] client[E] client[F]");
}

TEST(captured_stream, passes_the_largest_sequence_number) {
    for (std::uint32_t before = 0; before < 12; ++before) {
        captured_talk talk;
        talk.client_first = 0U - before;
        talk.open().client(0, "0123").client(8, "89").client(4, "4567").client(10, "", "FA");
        EXPECT_EQ(text_of(talk.read()), "client[0123] client[4567] client[89] client.fin")
            << before;
    }
}

TEST(captured_stream, ends_at_a_gap) {
    captured_talk talk;
    talk.open().client(0, "abc").client(7, "hij").client(12, "m").server(0, "ok");
    EXPECT_EQ(text_of(talk.read()),
              "client[abc] server[ok]; client: 4 bytes are missing at offset 3; 4 bytes are left "
              "out after them");
    captured_talk at_the_end;
    at_the_end.open().client(0, "abc").client(4, "", "FA");
    EXPECT_EQ(text_of(at_the_end.read()), "client[abc]; client: 1 byte is missing at offset 3");
    captured_talk reset;
    reset.open().server(1, "b").server(2, "", "R");
    EXPECT_EQ(text_of(reset.read()),
              "server.reset; server: 1 byte is missing at offset 0; 1 byte is "
              "left out after them");
}

TEST(captured_stream, may_begin_in_the_middle) {
    captured_talk talk;
    talk.server(99, "").client(70, "lo").server(100, "Hi").client(72, "!");
    const auto found = talk.read();
    EXPECT_EQ(
        text_of(found),
        "client[lo] server[Hi] client[!]; client: no SYN was captured; offset 0 is the first "
        "byte that was; server: no SYN was captured; offset 0 is the first byte that was");
    EXPECT_EQ(found->streams.at(0).client, "10.0.0.1:40000");  // the higher port
}

TEST(captured_stream, has_the_sender_of_the_syn_as_client) {
    captured_talk high;
    high.server_port = 60'000;
    high.open();
    EXPECT_EQ(high.read()->streams.at(0).server, "10.0.0.2:60000");
    captured_talk answered;
    answered.server_port = 60'000;
    answered.server(0, "", "SA");
    EXPECT_EQ(answered.read()->streams.at(0).server, "10.0.0.2:60000");
    captured_talk equal;
    equal.client_port = equal.server_port;
    equal.server(0, "x");
    EXPECT_EQ(equal.read()->streams.at(0).client, "10.0.0.2:7000");
}

TEST(captured_stream, ends_each_direction_alone) {
    captured_talk talk;
    talk.open().client(0, "a", "FA").server(0, "b").client(1, "c").client(1, "", "FA");
    talk.server(1, "", "FA").server(1, "", "R");
    EXPECT_EQ(text_of(talk.read()), "client[a] client.fin server[b] server.fin");
}

TEST(captured_stream, is_ended_by_a_fin_only_where_it_stands) {
    captured_talk early;
    early.open().client(3, "", "FA").client(0, "abc");
    EXPECT_EQ(text_of(early.read()), "client[abc] client.fin");
    captured_talk behind;  // bytes after a FIN do not belong to the stream
    behind.open().client(2, "cde").client(2, "", "FA").client(0, "abcd");
    EXPECT_EQ(text_of(behind.read()), "client[ab] client.fin");
}

TEST(captured_stream, may_be_reset) {
    captured_talk talk;
    talk.open().client(0, "a").server(0, "", "RA").server(0, "late").client(1, "b");
    EXPECT_EQ(text_of(talk.read()), "client[a] server.reset client[b]");
    captured_talk refused;
    refused.client(0, "", "S").server(0, "", "RA");
    EXPECT_EQ(text_of(refused.read()), "server.reset");
}

TEST(captured_stream, may_have_bytes_in_its_syn) {
    captured_talk talk;
    talk.client(0xFFFFFFFF, "ab", "S").client(2, "c");
    EXPECT_EQ(text_of(talk.read()), "client[ab] client[c]");
}

TEST(captured_stream, tells_of_segments_captured_in_part) {
    captured_talk talk;
    talk.cut_to = 43;  // both headers and 3 bytes
    talk.open().client(0, "abc").client(3, "defgh").client(8, "i");
    EXPECT_EQ(
        text_of(talk.read()),
        "client[abc] client[def]; client: 2 bytes are missing at offset 6, because segments were "
        "captured only in part; 1 byte is left out after them");
    talk.cut_to = 65'536;
    talk.client(6, "gh");
    EXPECT_EQ(text_of(talk.read()), "client[abc] client[def] client[gh] client[i]");
    captured_talk last;
    last.cut_to = 43;
    last.open().client(0, "abcdef").client(6, "", "FA");
    EXPECT_EQ(text_of(last.read()),
              "client[abc]; client: 3 bytes are missing at offset 3, because "
              "segments were captured only in part");
    captured_talk no_payload;
    no_payload.cut_to = 40;
    no_payload.open().client(0, "x");
    EXPECT_EQ(text_of(no_payload.read()),
              "; client: 1 byte is missing at offset 0, because segments were "
              "captured only in part");
}

TEST(stream_table, numbers_streams_by_their_first_segment) {
    captured_talk talk;
    talk.open();
    talk.client_port = 40'001;
    talk.open().client(0, "second");
    talk.client_port = 40'000;
    talk.client(0, "first");
    const auto found = talk.read();
    ASSERT_EQ(found->streams.size(), 2U);
    EXPECT_EQ(text_of(found->streams[0]), "client[first]");
    EXPECT_EQ(text_of(found->streams[1]), "client[second]");
    EXPECT_EQ(found->streams[1].number, 1U);
    EXPECT_EQ(found->streams[1].client, "10.0.0.1:40001");
    EXPECT_EQ(found->streams[1].pieces.at(0).time, std::chrono::microseconds(3));
}

TEST(stream_table, begins_another_stream_when_ports_are_used_again) {
    captured_talk talk;
    talk.open().client(0, "one").client(3, "", "FA").server(0, "", "FA");
    talk.client_first = 900'000;
    talk.open().client(0, "two").client(3, "", "R");
    talk.open().client(0, "three");  // the same numbers, after the end
    talk.client_first = 7;
    talk.open().client(0, "four");  // other numbers, without an end
    const auto found = talk.read();
    ASSERT_EQ(found->streams.size(), 4U);
    EXPECT_EQ(text_of(found->streams[0]), "client[one] client.fin server.fin");
    EXPECT_EQ(text_of(found->streams[1]), "client[two] client.reset");
    EXPECT_EQ(text_of(found->streams[2]), "client[three]");
    EXPECT_EQ(text_of(found->streams[3]), "client[four]");
}

TEST(stream_table, begins_none_for_a_syn_sent_again) {
    captured_talk talk;
    talk.client(0xFFFFFFFF, "", "S").client(0xFFFFFFFF, "", "S").server(0xFFFFFFFF, "", "SA");
    talk.server(0xFFFFFFFF, "", "SA").client(0, "a");
    EXPECT_EQ(text_of(talk.read()), "client[a]");
}

TEST(stream_table, keeps_one_stream_if_asked) {
    captured_talk talk;
    talk.open().client(0, "first");
    talk.client_port = 40'001;
    talk.open().client(0, "second");
    const auto found = talk.read({.stream = 1});
    ASSERT_EQ(found->streams.size(), 2U);
    EXPECT_EQ(text_of(found->streams[0]), "");
    EXPECT_EQ(text_of(found->streams[1]), "client[second]");
}

TEST(stream_table, keeps_no_more_than_allowed) {
    captured_talk talk;
    talk.open();
    for (std::uint32_t i = 0; i < 8; ++i) talk.client(i * 100, std::string(100, 'x'));
    EXPECT_TRUE(talk.read({.kept_bytes_max = 2000}));
    EXPECT_EQ(text_of(talk.read({.kept_bytes_max = 1000})),
              "cannot read test.pcap at byte 816: keeping its streams would take more than 1000");
    EXPECT_EQ(text_of(talk.read({.stream = 0, .kept_bytes_max = 1000})),
              "cannot read test.pcap at byte 816: keeping stream 0 would take more than 1000");
    captured_talk waiting;
    waiting.open();
    for (std::uint32_t i = 1; i < 100; ++i) waiting.client(i * 2, "x");
    EXPECT_FALSE(waiting.read({.kept_bytes_max = 10'000}));
    EXPECT_TRUE(waiting.read({.kept_bytes_max = 20'000}));
    EXPECT_TRUE(waiting.read({.stream = 7, .kept_bytes_max = 0}));
}

TEST(stream_table, has_no_more_streams_than_allowed) {
    captured_talk talk;
    for (talk.client_port = 1; talk.client_port <= 5; ++talk.client_port) talk.open();
    EXPECT_EQ(talk.read({.streams_max = 5})->streams.size(), 5U);
    const auto found = talk.read({.streams_max = 4});
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().message().find("more than 4 streams"), std::string::npos);
}

TEST(capture_time, is_never_negative_and_never_too_large) {
    using std::chrono::nanoseconds;
    EXPECT_EQ((capture_time{2, 5}.since({1, 7})), nanoseconds(999'999'998));
    EXPECT_EQ((capture_time{1, 5}.since({1, 7})), nanoseconds(0));
    EXPECT_EQ((capture_time{0, 5}.since({1, 7})), nanoseconds(0));
    EXPECT_EQ((capture_time{INT64_MAX, 5}.since({INT64_MIN, 5})),
              nanoseconds(4'000'000'000'000'000'000));
}

}  // namespace
}  // namespace framewire::stream_table_tests
