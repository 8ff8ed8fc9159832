#include "capture/stream_table.hpp"

#include "captured_talk.hpp"

#include <gtest/gtest.h>
#include <array>

namespace framewire::stream_table_tests {
namespace {

using tests::captured_talk;
using tests::text_of;

using namespace std::chrono_literals;

std::chrono::nanoseconds since_epoch(std::chrono::system_clock::time_point time) {
    return time.time_since_epoch();
}

TEST(captured_stream, has_both_directions_in_the_order_of_their_segments) {
    captured_talk talk;
    talk.open().client(0, "Hello").server(0, "Hi").client(5, "!").client(6, "", "FA");
    talk.server(2, "", "FA");
    const auto found = talk.read();
    EXPECT_EQ(text_of(found), "client[Hello] server[Hi] client[!] client.fin server.fin");
    const auto& stream = found->about.streams.at(0);
    EXPECT_EQ(stream.number, 0U);
    EXPECT_EQ(stream.client.address, "10.0.0.1:40000");
    EXPECT_EQ(stream.server.address, "10.0.0.2:7000");
    EXPECT_EQ(stream.client.bytes, 6U);
    EXPECT_EQ(stream.client.packets, 5U);
    EXPECT_EQ(stream.server.bytes, 2U);
    EXPECT_EQ(stream.server.packets, 3U);
    EXPECT_FALSE(stream.guessed_sides);
    EXPECT_EQ(since_epoch(stream.start), 0us);
    EXPECT_EQ(since_epoch(stream.end), 7us);
    const auto& pieces = found->pieces.at(0);
    EXPECT_EQ(since_epoch(pieces.at(0).time), 3us);
    EXPECT_EQ(pieces.at(0).packet, 4U);
    EXPECT_EQ(since_epoch(pieces.at(4).time), 7us);
    EXPECT_EQ(pieces.at(4).packet, 8U);
}

TEST(captured_stream, is_put_in_order) {
    captured_talk talk;
    talk.open().client(6, "ef").client(2, "cd").client(8, "g").client(0, "ab").client(4, "..");
    EXPECT_EQ(text_of(talk.read()), "client[ab] client[cd] client[..] client[ef] client[g]");
    const auto last = talk.read()->pieces.at(0).at(4);
    EXPECT_EQ(since_epoch(last.time), 7us);  // when it became readable
    EXPECT_EQ(last.packet, 6U);              // where it is
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

TEST(captured_stream, continues_after_a_gap) {
    captured_talk talk;
    talk.open().client(0, "abc").client(7, "hij").client(12, "m").server(0, "ok");
    EXPECT_EQ(text_of(talk.read()),
              "client[abc] server[ok] client.gap4 client[hij] client.gap2 client[m]; client: 6 "
              "bytes are missing");
    const auto found = talk.read();
    EXPECT_EQ(found->about.streams.at(0).client.missing, 6U);
    EXPECT_EQ(found->pieces.at(0).at(2).packet, 5U);  // of what follows it
    captured_talk at_the_end;
    at_the_end.open().client(0, "abc").client(4, "", "FA");
    EXPECT_EQ(text_of(at_the_end.read()),
              "client[abc] client.gap1 client.fin; client: 1 byte is missing");
    captured_talk reset;
    reset.open().server(1, "b").server(2, "", "R");
    EXPECT_EQ(text_of(reset.read()),
              "server.gap1 server[b] server.reset; server: 1 byte is missing");
}

TEST(captured_stream, has_a_gap_where_it_was_acknowledged_and_does_not_come) {
    captured_talk talk;
    talk.open().client(0, "abc").client(7, "hij");
    talk.server_acknowledges = 10;
    for (std::uint32_t i = 0; i < 9; ++i) talk.server(i, "-");
    auto pieces = text_of(talk.read());
    EXPECT_TRUE(pieces.starts_with("client[abc] client.gap4 client[hij] server[-] ")) << pieces;
    const auto told = talk.read()->pieces.at(0);  // each in its place, at its time
    const std::array times{3us, 4us, 4us, 5us, 6us, 7us, 8us, 9us, 10us, 11us, 12us, 13us};
    ASSERT_EQ(told.size(), times.size());
    for (std::size_t i = 0; i < told.size(); ++i) {
        EXPECT_EQ(since_epoch(told[i].time), times.at(i)) << i;
    }
    // Without the acknowledgement it may still come.
    captured_talk unknown;
    unknown.open().client(0, "abc").client(7, "hij");
    for (std::uint32_t i = 0; i < 9; ++i) unknown.server(i, "-");
    unknown.client(3, "defg");
    pieces = text_of(unknown.read());
    EXPECT_TRUE(pieces.ends_with("server[-] client[defg] client[hij]")) << pieces;
}

// As a card with several queues has it: the reply, then what it replies to.
TEST(captured_stream, has_no_gap_where_segments_were_captured_in_another_order) {
    for (std::uint32_t between = 0; between < 10; ++between) {
        captured_talk talk;
        talk.open().client(0, "abc");
        talk.server_acknowledges = 10;
        talk.server(0, "Hi").client(7, "hij");
        for (std::uint32_t i = 0; i < between; ++i) talk.server(2 + i, "-");
        talk.client(3, "defg").server(2 + between, "!");
        const auto pieces = text_of(talk.read());
        EXPECT_EQ(pieces.find("gap") == std::string::npos, between < 8) << pieces;
        EXPECT_NE(pieces.find(" server[!]"), std::string::npos) << pieces;
    }
}

TEST(captured_stream, ends_while_it_is_not_clear_what_is_missing) {
    captured_talk talk;
    talk.open().client(0, "abc").client(7, "hij");
    talk.server_acknowledges = 10;
    talk.server(0, "Hi").client(10, "", "FA").server(2, "", "FA");
    EXPECT_EQ(text_of(talk.read()),
              "client[abc] client.gap4 client[hij] server[Hi] client.fin server.fin; client: 4 "
              "bytes are missing");
}

TEST(captured_stream, of_one_side_has_a_gap_when_it_has_waited_long) {
    captured_talk talk;
    talk.client(0, "abc").client(7, "hij");
    for (std::uint32_t i = 0; i < 2000; ++i) talk.client(10 + i, "-");
    const auto pieces = talk.read()->pieces.at(0);
    EXPECT_EQ(pieces.at(1).missing, 4U);
    EXPECT_EQ(since_epoch(pieces.at(1).time), 1us);  // of what follows it
}

TEST(captured_stream, may_begin_in_the_middle) {
    captured_talk talk;
    talk.server(99, "").client(70, "lo").server(100, "Hi").client(72, "!");
    const auto found = talk.read();
    EXPECT_EQ(
        text_of(found),
        "client[lo] server[Hi] client[!]; client: no SYN was captured; offset 0 is the first "
        "byte that was; server: no SYN was captured; offset 0 is the first byte that was");
    EXPECT_EQ(found->about.streams.at(0).client.address, "10.0.0.1:40000");  // the higher port
}

TEST(captured_stream, has_the_sender_of_the_syn_as_client) {
    captured_talk high;
    high.server_port = 60'000;
    high.open();
    EXPECT_EQ(high.read()->about.streams.at(0).server.address, "10.0.0.2:60000");
    captured_talk answered;
    answered.server_port = 60'000;
    answered.server(0, "", "SA");
    EXPECT_EQ(answered.read()->about.streams.at(0).server.address, "10.0.0.2:60000");
    captured_talk equal;
    equal.client_port = equal.server_port;
    equal.server(0, "x");
    EXPECT_EQ(equal.read()->about.streams.at(0).client.address, "10.0.0.2:7000");
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
    EXPECT_EQ(text_of(talk.read()),
              "client[abc] client[def] client.gap2 client[i]; client: 2 bytes are missing, "
              "because segments were captured only in part");
    talk.cut_to = 65'536;
    talk.client(6, "gh");
    EXPECT_EQ(text_of(talk.read()), "client[abc] client[def] client[gh] client[i]");
    captured_talk last;
    last.cut_to = 43;
    last.open().client(0, "abcdef").client(6, "", "FA");
    EXPECT_EQ(text_of(last.read()),
              "client[abc] client.gap3 client.fin; client: 3 bytes are missing, because segments "
              "were captured only in part");
    captured_talk no_payload;
    no_payload.cut_to = 40;
    no_payload.open().client(0, "x");
    EXPECT_EQ(text_of(no_payload.read()),
              "client.gap1; client: 1 byte is missing, because segments were captured only in "
              "part");
}

TEST(stream_table, numbers_streams_by_their_first_segment) {
    captured_talk talk;
    talk.open();
    talk.client_port = 40'001;
    talk.open().client(0, "second");
    talk.client_port = 40'000;
    talk.client(0, "first");
    const auto found = talk.read();
    ASSERT_EQ(found->pieces.size(), 2U);
    EXPECT_EQ(text_of(found->pieces[0]), "client[first]");
    EXPECT_EQ(text_of(found->pieces[1]), "client[second]");
    EXPECT_EQ(found->about.streams[1].number, 1U);
    EXPECT_EQ(found->about.streams[1].client.address, "10.0.0.1:40001");
    EXPECT_EQ(since_epoch(found->about.streams[1].start), 3us);
    EXPECT_EQ(since_epoch(found->pieces[1].at(0).time), 6us);
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
    ASSERT_EQ(found->pieces.size(), 4U);
    EXPECT_EQ(text_of(found->pieces[0]), "client[one] client.fin server.fin");
    EXPECT_EQ(text_of(found->pieces[1]), "client[two] client.reset");
    EXPECT_EQ(text_of(found->pieces[2]), "client[three]");
    EXPECT_EQ(text_of(found->pieces[3]), "client[four]");
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
    const auto found = talk.read({.streams = {{1}}});
    ASSERT_EQ(found->pieces.size(), 2U);
    EXPECT_EQ(text_of(found->pieces[0]), "");
    EXPECT_EQ(text_of(found->pieces[1]), "client[second]");
}

TEST(stream_table, gives_up_the_oldest_gap_where_too_much_waits) {
    captured_talk talk;
    talk.open().client(3, "first");
    talk.client_port = 40'001;
    talk.open();
    for (std::uint32_t i = 0; i < 8; ++i) talk.client(5 + i * 100, std::string(100, 'x'));
    const auto found = talk.read({.waiting_bytes_max = 1000});
    EXPECT_EQ(text_of(found->pieces[0]), "client.gap3 client[first]");
    const auto& second = found->pieces[1];
    ASSERT_EQ(second.size(), 9U);
    EXPECT_EQ(second[0].missing, 5U);
    // The fifth segment of 100 bytes is too much, with what keeping one costs.
    EXPECT_EQ(since_epoch(found->pieces[0][0].time), 3us);
    EXPECT_EQ(since_epoch(second[0].time), 7us);
}

TEST(stream_table, ends_a_stream_where_its_ports_are_used_again) {
    captured_talk talk;
    talk.open().client(3, "first");
    talk.client_first = 900'000;
    talk.open().client(0, "second");
    const auto found = talk.read();
    EXPECT_EQ(text_of(found->pieces[0]), "client.gap3 client[first]");
    EXPECT_EQ(text_of(found->pieces[1]), "client[second]");
}

TEST(stream_table, leaves_out_streams_above_the_limit) {
    captured_talk talk;
    for (talk.client_port = 1; talk.client_port <= 5; ++talk.client_port) talk.open();
    EXPECT_EQ(talk.read({.streams_max = 5})->about.remarks.size(), 0U);
    const auto found = talk.read({.streams_max = 4});
    EXPECT_EQ(found->about.streams.size(), 4U);
    EXPECT_EQ(found->about.remarks,
              std::vector<std::string>{"there are more than 4 streams; segments left out: 3"});
}

}  // namespace
}  // namespace framewire::stream_table_tests
