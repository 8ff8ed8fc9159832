#include "capture/capture_file.hpp"

#include "captured_talk.hpp"
#include "scratch_path.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <fstream>
#include <string>

namespace framewire::capture_file_tests {
namespace {

using namespace tests;
using std::chrono::nanoseconds;

std::string hello(std::uint32_t sequence, std::string_view payload) {
    return ethernet(ipv4(tcp({40'000, 7000, sequence, 0, sequence == 0 ? "S" : "A", payload})));
}

TEST(capture_file, reads_pcap_in_either_byte_order_and_precision) {
    for (const bool big_endian : {false, true}) {
        for (const bool nano : {false, true}) {
            pcap_writer file(1, big_endian, nano);
            file.add(hello(0, ""), {3'000'000'000, 999'999})
                .add(hello(1, "Hello"), {3'000'000'001, 1});
            const auto found = collect(file.done(), "test.pcap");
            ASSERT_EQ(text_of(found), "client[Hello]") << big_endian << nano;
            EXPECT_EQ(found->pieces[0][0].time - found->about.streams[0].start,
                      nanoseconds(nano ? 999'000'002 : 2'000))
                << big_endian;
        }
    }
}

TEST(capture_file, reads_pcapng_in_either_byte_order_and_precision) {
    for (const bool big_endian : {false, true}) {
        for (const bool nano : {false, true}) {
            pcapng_writer file(1, big_endian, nano);
            file.block(0x0BAD, "a block that nobody knows");
            file.add(hello(0, ""), 0x0006'0000'0000'0001)
                .add(hello(1, "Hello"), 0x0006'0000'0000'0100);
            const auto found = collect(file.done(), "test.pcapng");
            ASSERT_EQ(text_of(found), "client[Hello]") << big_endian << nano;
            EXPECT_EQ(found->pieces[0][0].time - found->about.streams[0].start,
                      nanoseconds(nano ? 255 : 255'000));
        }
    }
}

TEST(capture_file, reads_every_link_type_of_a_file) {
    const auto datagram = ipv4(tcp({40'000, 7000, 0, 0, "S", "Hello"}));
    const auto sll = std::string(14, '\0') + std::string("\x08\0", 2) + datagram;
    const auto sll2 = std::string("\x08\0", 2) + std::string(18, '\0') + datagram;
    const auto null = number_writer(false).u32(2).text(datagram).done();
    const auto loop = number_writer(true).u32(2).text(datagram).done();
    const std::pair<std::size_t, std::string> links[] = {
        {0, null},  {1, ethernet(datagram)}, {101, datagram}, {108, loop},
        {113, sll}, {228, datagram},         {276, sll2}};
    for (const auto& [number, record] : links) {
        EXPECT_EQ(text_of(collect(pcap_writer(number).add(record).done(), "a")), "client[Hello]");
        EXPECT_EQ(text_of(collect(pcapng_writer(number).add(record).done(), "a")),
                  "client[Hello]");
    }
}

TEST(capture_file, reads_a_file) {
    const scratch_path path("capture.pcap");
    captured_talk talk;
    talk.open().client(0, "Hello");
    std::ofstream(path.text(), std::ios::binary) << talk.file();
    EXPECT_EQ(text_of(collect(*capture_file::open(path.text()))), "client[Hello]");
}

TEST(capture_file, refuses_what_is_no_capture) {
    EXPECT_EQ(capture_file::open("/nowhere/a.pcap").error().message(),
              "cannot read /nowhere/a.pcap: no such file or directory");
    EXPECT_EQ(capture_file::open("/tmp").error().message(), "cannot read /tmp: is a directory");
    EXPECT_EQ(text_of(collect("GET / HTTP/1.1\r\n")), "cannot read a: it is no capture");
    EXPECT_FALSE(capture_file::of("GET / HTTP/1.1\r\n", "a").is_capture());
    EXPECT_TRUE(capture_file::of(pcap_writer().done(), "a").is_capture());
    const auto empty = collect("", "a");
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().message(), "cannot read a: it is no capture");
}

TEST(capture_file, names_link_types_that_it_does_not_read) {
    pcap_writer file(187);
    file.add("xx").add("xx");
    EXPECT_EQ(collect(file.done())->about.remarks,
              (std::vector<std::string>{"2 records may carry TCP in what is not read: Wireshark "
                                        "may number streams otherwise",
                                        "link type 187 is not read", "no TCP; records: 2"}));
}

TEST(capture_file, says_where_a_file_is_wrong) {
    captured_talk talk;
    talk.open();
    const auto end = talk.file().size();
    const auto wrong = talk.file() +
                       number_writer(false).u32(0).u32(0).u32(0x7FFFFFFF).u32(9).done() +
                       std::string(100, 'x');
    const auto found = collect(wrong, "a");
    ASSERT_FALSE(found);
    EXPECT_TRUE(
        found.error().message().starts_with("cannot read a at byte " + std::to_string(end) + ": "))
        << found.error().message();
}

TEST(capture_file, reads_up_to_where_a_file_was_cut) {
    captured_talk talk;
    talk.open().client(0, "Hello");
    const auto end = talk.file().size();
    talk.client(5, "World");
    for (auto size = end + 1; size < talk.file().size(); ++size) {
        EXPECT_EQ(text_of(collect(talk.file().substr(0, size), "a")),
                  "client[Hello]; capture: the file ends inside a record at byte " +
                      std::to_string(end) + "; everything before it was read");
    }
    EXPECT_EQ(text_of(collect(talk.file().substr(0, end), "a")), "client[Hello]");
    EXPECT_FALSE(collect(talk.file().substr(0, 30), "a"));  // in the first record
    EXPECT_FALSE(collect(talk.file().substr(0, 20), "a"));  // before it
}

TEST(capture_file, tells_what_it_left_out) {
    captured_talk talk;
    talk.open().client(0, "a").add(ipv4("xx", {.fragment = 0x2000}));
    EXPECT_EQ(
        text_of(talk.read()),
        "client[a]; capture: 1 IP fragment of TCP is left out: the others of its datagram are "
        "missing");
    talk.add(ipv4("xx", {.fragment = 8})).add(ipv4("x")).add(ipv4("xx", {.protocol = 17}));
    talk.add(ipv4("xx", {.missing = 30}));
    EXPECT_EQ(
        text_of(talk.read()),
        "client[a]; capture: 2 IP fragments of TCP are left out: others of their datagrams are "
        "missing; "
        "capture: 1 record is left out, because its TCP header was captured only in part; "
        "capture: 1 record is left out, because its headers are malformed");
    captured_talk no_tcp;
    no_tcp.add(ipv4("xx", {.protocol = 17}));
    const auto found = no_tcp.read();
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->about.streams.empty());
    EXPECT_EQ(found->about.remarks, std::vector<std::string>{"no TCP; records: 1"});
}

}  // namespace
}  // namespace framewire::capture_file_tests
