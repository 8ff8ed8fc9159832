#include "capture/capture_writer.hpp"

#include "captured_talk.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <cstdint>
#include <string>

namespace framewire::capture_writer_tests {
namespace {

using namespace tests;
using side = capture_writer::side;

const endpoint client{"10.1.2.3", 40'000};
const endpoint server{"10.0.0.1", 7000};

capture_writer::time at(std::int64_t microseconds) {
    return capture_writer::time(std::chrono::microseconds(1'800'000'000'000'000 + microseconds));
}

unsigned byte_at(std::string_view data, std::size_t place) {
    return static_cast<unsigned char>(data[place]);
}

// What a receiver does: with its checksum, all adds up to ones.
bool adds_up(const std::string& data) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        sum += std::uint64_t{byte_at(data, i)} << (i % 2 == 0 ? 8U : 0U);
    }
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16U);
    return sum == 0xFFFF;
}

// The datagrams of a file whose blocks are those of the writer.
std::vector<std::string> datagrams_of(std::string_view file) {
    std::vector<std::string> all;
    while (!file.empty()) {
        const auto size = byte_at(file, 4) + (byte_at(file, 5) << 8U) + (byte_at(file, 6) << 16U);
        const auto data = byte_at(file, 20) + (byte_at(file, 21) << 8U);
        if (byte_at(file, 0) == 6) all.emplace_back(file.substr(28, data));
        file.remove_prefix(size);
    }
    return all;
}

std::string conversation(capture_writer& file) {
    auto all = file.begin("a comment", at(0));
    all += file.sent(side::client, "Hello", at(1));
    all += file.sent(side::server, "Hi", at(1001));
    all += file.ended(side::client, at(2000));
    return all += file.ended(side::server, at(2001));
}

TEST(capture_writer, writes_what_a_reader_of_captures_reads) {
    capture_writer file(client, server);
    const auto found = collect(conversation(file));
    ASSERT_EQ(text_of(found), "client[Hello] server[Hi] client.fin server.fin");
    const auto& stream = found->about.streams[0];
    EXPECT_EQ(stream.start, at(0));
    EXPECT_EQ(stream.client.address, "10.1.2.3:40000");
    EXPECT_EQ(stream.server.address, "10.0.0.1:7000");
    ASSERT_EQ(found->pieces[0].size(), 4U);
    EXPECT_EQ(found->pieces[0][1].time, at(1001));
    EXPECT_TRUE(found->about.remarks.empty());
}

TEST(capture_writer, adds_up) {
    for (const bool ipv6 : {false, true}) {
        capture_writer file(
            ipv6 ? endpoint{"2001:db8::1", 40'000, endpoint::family::ipv6} : client, server);
        const auto all = datagrams_of(conversation(file));
        ASSERT_EQ(all.size(), 7U);
        for (const auto& datagram : all) {
            const auto head = ipv6 ? 40U : 20U;
            const auto addresses = ipv6 ? datagram.substr(8, 32) : datagram.substr(12, 8);
            const auto segment = datagram.substr(head);
            const auto size = static_cast<unsigned>(segment.size());
            EXPECT_TRUE(ipv6 || adds_up(datagram.substr(0, head)));
            EXPECT_TRUE(adds_up(
                addresses + std::string{'\0', '\x06', '\0', static_cast<char>(size)} + segment));
        }
    }
}

TEST(capture_writer, cuts_large_data_into_segments) {
    capture_writer file(client, server);
    const std::string data(100'000, 'x');
    auto all = file.begin({}, at(0));
    all += file.sent(side::client, data, at(1));
    all += file.sent(side::server, "ok", at(2));
    all += file.reset(side::client, at(3));
    const auto found = collect(std::move(all));
    ASSERT_EQ(found->pieces.size(), 1U);
    std::string got;
    for (const auto& piece : found->pieces[0]) {
        if (piece.from == stream_side::client) got += piece.data;
    }
    EXPECT_TRUE(got == data);
    EXPECT_FALSE(file.is_open(side::client));
    EXPECT_TRUE(file.is_open(side::server));
}

TEST(capture_writer, gives_local_sockets_an_address) {
    const endpoint local{"/run/x", 0, endpoint::family::local};
    capture_writer file(local, local);
    const auto found = collect(conversation(file));
    EXPECT_EQ(text_of(found), "client[Hello] server[Hi] client.fin server.fin");
    EXPECT_EQ(found->about.streams[0].server.address, "127.0.0.1:1");
}

}  // namespace
}  // namespace framewire::capture_writer_tests
