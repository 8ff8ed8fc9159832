#include "guess/guess_framings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::conversations_tests {
namespace {

using namespace std::string_view_literals;

// A conversation, and a name by which its framing must be among the first three.
struct talk {
    std::string_view name;
    std::vector<std::string_view> client;
    std::vector<std::string_view> server{};
};

bool has_name(const framing_fit& fit, std::string_view name) {
    return fit.spec == name || std::ranges::count(fit.presets, name) > 0 ||
           std::ranges::count(fit.same_frames, name) > 0;
}

seen_side side_of(const std::vector<std::string_view>& segments) {
    seen_side side;
    for (const auto segment : segments) side.segments.push_back({segment});
    return side;
}

// Which of the guesses it is, from 1; 0 if it is none.
std::size_t rank_of(const talk& one, std::optional<std::uint16_t> port = {}) {
    const auto fits = guess_framings({side_of(one.client), side_of(one.server), port});
    const auto found = std::ranges::find_if(
        fits, [&](const framing_fit& fit) { return has_name(fit, one.name); });
    return found == fits.end() ? 0 : static_cast<std::size_t>(found - fits.begin()) + 1;
}

std::vector<talk> first_talks() {
    return {
        {"postgresql",
         {"\0\0\0\x22\0\3\0\0user\0alice\0database\0shop\0\0"sv, "Q\0\0\0\x0dSELECT 1\0"sv,
          "X\0\0\0\4"sv},
         {"R\0\0\0\x08\0\0\0\0S\0\0\0\x16server_version\x00"
          "15\0\0Z\0\0\0\5I"sv,
          "T\0\0\0\x21\0\1?column?\0\0\0\0\0\0\0\0\0\0\x17\0\4\xff\xff\xff\xff\0\0D\0\0\0\x0b"
          "\0\1\0\0\0\1"
          "1C\0\0\0\x0dSELECT 1\0Z\0\0\0\5I"sv}},
        {"kafka",
         {"\0\0\0\x1a\0\x12\0\3\0\0\0\1\0\6rdkafk\0\6rdkafk\0\0"sv,
          "\0\0\0\x1b\0\3\0\4\0\0\0\2\0\6rdkafk\0\0\0\1\0\5shops"sv},
         {"\0\0\0\x10\0\0\0\1\0\0\0\0\0\1\0\x12\0\0\0\3"sv,
          "\0\0\0\x18\0\0\0\2\0\0\0\0\0\0\0\1\0\0\0\1\0\4host\0\0"sv}},
        {"mllp",
         {"\x0bMSH|^~\\&|LAB|A|ADT|B|20260101||ORU^R01|1|P|2.5\rPID|1||123\r\x1c\r"sv},
         {"\x0bMSH|^~\\&|ADT|B|LAB|A|20260101||ACK|1|P|2.5\rMSA|AA|1\r\x1c\r"sv}},
        {"octet-count",
         {"60 <34>1 2026-01-01T00:00:00Z host su - ID47 - 'su root' failed46 <165>1 2026-01-01T"
          "00:00:01Z host cron 7 - - ok"sv}},
        {"syslog-lf",
         {"<34>Jan  1 00:00:00 host su: 'su root' failed\n"sv,
          "<13>Jan  1 00:00:02 host cron[7]: job 5 done\n"sv}},
        {"netstring", {"12:hello world!,3:abc,"sv, "0:,5:Hello,"sv}, {"2:OK,"sv}},
        {"modbus",
         {"\0\x01\0\0\0\x06\x11\x03\0\x6b\0\x03"sv, "\0\x02\0\0\0\x06\x11\x01\0\x13\0\x25"sv},
         {"\0\x01\0\0\0\x09\x11\x03\x06\xae\x41\x56\x52\x43\x40"sv,
          "\0\x02\0\0\0\x08\x11\x01\x05\xcd\x6b\xb2\x0e\x1b"sv}},
        {"dns",
         {"\0\x1d\x24\x1a\x01\0\0\1\0\0\0\0\0\0\x07"
          "example\3com\0\0\1\0\1"sv},
         {"\0\x2d\x24\x1a\x81\x80\0\1\0\1\0\0\0\0\x07"
          "example\3com\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\x0e\x10\0\4\x5d\xb8\xd8\x22"sv}},
        {"digits:10", {"0000000005Hello0000000016Greetings,server"sv}, {"0000000002OK"sv}},
        {"digits:10,pad=space", {"5         Hello16        Greetings,server"sv}},
        {"redis",
         {"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\n10\r\n"sv, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n"sv},
         {"+OK\r\n"sv, "$2\r\n10\r\n"sv}},
        {"http",
         {"GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv},
         {"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"sv}},
    };
}

std::vector<talk> other_talks() {
    return {
        {"lsp",
         {"Content-Length: 37\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}"sv},
         {"Content-Length: 37\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[ ]}"sv}},
        {"mqtt",
         {"\x10\x0e\0\4MQTT\4\2\0\x3c\0\2c1"sv, "\x30\x08\0\3a/bon!"sv, "\xc0\0"sv},
         {"\x20\2\0\0"sv, "\xd0\0"sv}},
        {"fix",
         {"8=FIX.4.2\0019=42\00135=A\00149=CLIENT\00156=SERVER\00134=1\00198=0\001108=30"
          "\00110=188\001"sv}},
        {"ldap",
         {"0\x0c\2\1\1`\7\2\1\3\4\0\x80\0"sv, "0\x05\2\1\2B\0"sv},
         {"0\x0c\2\1\1a\7\x0a\1\0\4\0\4\0"sv}},
        {"rabbitmq",
         {"AMQP\0\0\x09\1"sv, "\1\0\0\0\0\0\x08\0\x0a\0\x1f\0\x80\0\0\xce"sv},
         {"\1\0\0\0\0\0\x0c\0\x0a\0\x1e\0\0\0\2\0\0\0\x3c\xce"sv}},
        {"mysql",
         {"\x20\0\0\1\x85\xa6\x3f\0\0\0\0\1\x21\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv,
          "\x09\0\0\0\3SELECT 1"sv},
         {"\x12\0\0\0\x0a"
          "8.0.33\0\x08\0\0\0abcdef"sv,
          "\7\0\0\2\0\0\0\2\0\0\0"sv}},
        {"mongodb",
         {"\x33\0\0\0\1\0\0\0\0\0\0\0\xdd\7\0\0\0\0\0\0\0\x1e\0\0\0\x10ping\0\1\0\0\0\2$db\0\6\0\0"
          "\0admin\0\0"sv}},
        {"tls",
         {"\x16\3\1\0\x0a\1\0\0\6\3\3\x33\x24\xf4\xda"sv, "\x14\3\3\0\1\1"sv},
         {"\x15\3\3\0\2\2\x28"sv}},
        {"bgp", {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\x13\4"sv}},
        {"smpp",
         {"\0\0\0\x10\0\0\0\x15\0\0\0\0\0\0\0\1"sv, "\0\0\0\x10\0\0\0\6\0\0\0\0\0\0\0\2"sv},
         {"\0\0\0\x10\x80\0\0\x15\0\0\0\0\0\0\0\1"sv}},
        {"smtp",
         {"EHLO a\r\n"sv, "QUIT\r\n"sv},
         {"220 b ESMTP\r\n"sv, "250-b\r\n250 SIZE\r\n"sv, "221 Bye\r\n"sv}},
        {"memcached", {"set a 0 0 5\r\nhello\r\n"sv, "get a\r\n"sv}, {"STORED\r\n"sv}},
        {"nats", {"CONNECT {}\r\nPUB hi 5\r\nHello\r\n"sv}, {"INFO {}\r\n"sv, "+OK\r\n"sv}},
        {"protobuf-delimited", {"\x08\x0a\6orders\x0b\x0a\x09warehouse"sv}},
        {"json", {"{\"id\":1,\"ok\":true}{\"id\":2,\"ok\":false}"sv}},
        {"slip", {"\xc0\x45\0\0\x1c\xdb\xdc\xc0"sv, "\xc0\x45\0\0\x2a\xdb\xdd\x07\xc0"sv}},
        {"u16le", {"\5\0Hello"sv, "\x10\0Greetings,server"sv}, {"\2\0OK"sv}},
        {"u32be,adjust=-4", {"\0\0\0\x09Hello\0\0\0\x14Greetings,server"sv}},
    };
}

std::vector<talk> talks() {
    auto all = first_talks();
    for (auto& one : other_talks()) all.push_back(std::move(one));
    return all;
}

TEST(guess_framings, has_the_framing_of_conversations_among_the_first_three) {
    for (const auto& one : talks()) {
        const auto rank = rank_of(one);
        EXPECT_TRUE(rank >= 1 && rank <= 3) << one.name << " is number " << rank;
    }
}

TEST(guess_framings, finds_the_framing_of_the_client_alone) {
    for (auto one : talks()) {
        one.server.clear();
        const auto rank = rank_of(one);
        EXPECT_TRUE(rank >= 1 && rank <= 3) << one.name << " is number " << rank;
    }
}

TEST(guess_framings, finds_it_in_bytes_whose_segments_are_not_known) {
    for (const auto& one : talks()) {
        std::string client;
        std::string server;
        for (const auto segment : one.client) client += segment;
        for (const auto segment : one.server) server += segment;
        talk whole{one.name, {client}};
        if (!server.empty()) whole.server = {server};
        const auto rank = rank_of(whole);
        EXPECT_TRUE(rank >= 1 && rank <= 3) << one.name << " is number " << rank;
    }
}

}  // namespace
}  // namespace framewire::conversations_tests
