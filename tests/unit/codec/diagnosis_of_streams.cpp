// The sentence in an error of a header or a bound, for every framing that has either: from the
// bytes of a peer that speaks something else.

#include "framewire/codec/detail/diagnosis.hpp"

#include "real_bytes.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace framewire::diagnosis_of_streams_tests {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using tests::framing_of;
using tests::stream_reader;
namespace real = tests::real;
using specs = std::vector<std::string_view>;

constexpr std::uint64_t most = 16 << 20;

// The guess after the facts in the error that these reads end with.
std::string sentence_of(std::string_view spec, const std::vector<bytes>& reads) {
    stream_reader reader(framing_of(spec).decoder(most));
    for (const auto read : reads) {
        if (reader.feed(read)) continue;
        const auto words = reader.decoder().failure().words;
        const auto border = words.rfind("; ");
        return border == std::string::npos ? "" : words.substr(border + 2);
    }
    return "no error";
}

void expect_sentence(std::string_view sentence, const specs& framings,
                     const std::vector<std::string_view>& streams) {
    for (const auto spec : framings) {
        for (const auto stream : streams) {
            EXPECT_EQ(sentence_of(spec, {stream}), sentence)
                << spec << ' ' << testing::PrintToString(stream);
        }
    }
}

const specs decimal{"digits:10", "digits:4", "digits:64,pad=space", "netstring", "octet-count"};
const specs wide{"u32be", "u32le", "u64be", "u64le"};
const specs bounded{"u16be,max=4096", "u16le,max=512", "u24be,max=64KiB", "u24le,max=64KiB"};
const specs tiny{"u8,max=40", "varint,max=40"};
const specs others{"content-length", "mllp", "tpkt"};
const specs delimited{"line,max=8", "delimiter:\\x03\\x04,max=8", "delimiter:\\r\\n,max=8"};

specs all_of(std::initializer_list<specs> lists) {
    specs joined;
    for (const auto& list : lists) joined.insert(joined.end(), list.begin(), list.end());
    return joined;
}

TEST(diagnosis, names_the_padding_of_a_length) {
    expect_sentence("looks padded with spaces: pad=space", {"digits:10"},
                    {"5         Hello", "12        Hello"});
    expect_sentence("looks padded with zeros: pad=zero",
                    {"digits:10,pad=space", "digits:10,pad=left-space"},
                    {"0000000005Hello", "0000000012Hello"});
    expect_sentence("looks padded with spaces before the digits: pad=left-space",
                    {"digits:10", "digits:10,pad=space"}, {"         5Hello", "        12Hello"});
    expect_sentence("", {"digits:10"},
                    {"5       ", "5        6Hello", "          Hello", "     5    Hello"});
}

TEST(diagnosis, names_the_width_of_a_length) {
    expect_sentence("looks like a length of 4 digits (digits:4)", {"digits:10", "digits:8"},
                    {"0005Hello", "0012Hello", "0005Hello0003abc"});
    expect_sentence("looks like a length of 2 digits (digits:2)", {"digits:10"}, {"05Hello03abc"});
    expect_sentence("looks like a length of 10 digits (digits:10)", {"digits:12"},
                    {"0000000005Hello"});
    expect_sentence("", {"digits:10"},
                    {"0000Hello", "1234Hello", "0005_", "0005Hello world", "5Hello"});
    expect_sentence("", {"digits:20"}, {"00000000000005Hello"});
}

TEST(diagnosis, names_a_line_end_after_a_message) {
    for (const auto spec : {"digits:10", "octet-count", "netstring"}) {
        std::string stream;
        ASSERT_TRUE(framing_of(spec).encode("Hello", stream));
        const auto message = stream;
        for (const auto end : {"\n", "\r\n"}) {
            stream = message + end;
            expect_sentence("looks like a line end after a message: does the peer send one?",
                            {spec}, {stream, stream + message});
        }
        expect_sentence("looks like text without a header", {spec}, {message + "no digits"});
    }
}

TEST(diagnosis, names_http) {
    const auto all = all_of({decimal, wide, bounded, tiny, others, delimited});
    expect_sentence("looks like an HTTP request", all,
                    {real::http_request, "POST /log HTTP/1.1\r\nHost: localhost\r\n\r\n",
                     "CONNECT example.org:443 HTTP/1.1\r\n\r\n"});
    expect_sentence("looks like an HTTP response", all, {real::http_response});
}

TEST(diagnosis, names_ssh) {
    expect_sentence("looks like an SSH banner",
                    all_of({decimal, wide, bounded, tiny, others, delimited}),
                    {real::ssh_banner, "SSH-1.99-OpenSSH_3.9p1\n"});
}

// In one byte, or in four the other way round, its beginning can be a length.
TEST(diagnosis, names_tls) {
    expect_sentence("looks like a TLS ClientHello",
                    all_of({decimal,
                            bounded,
                            others,
                            delimited,
                            {"u32be", "u32le,max=64KiB", "u64be", "u64le", "u8,max=20"}}),
                    {real::client_hello, real::client_hello_of_tls_1_2});
}

TEST(diagnosis, names_tls_alerts) {
    expect_sentence("looks like a TLS alert",
                    all_of({decimal, others, bounded, {"u32be", "u32le,max=64KiB", "line,max=4"}}),
                    {real::tls_alert});
}

// Its first four bytes are a length, big-endian.
TEST(diagnosis, names_smb) {
    expect_sentence("looks like SMB",
                    all_of({decimal, others, {"u32be,max=100", "u32le", "u64be", "u64le"}}),
                    {real::smb_negotiate});
}

TEST(diagnosis, says_that_there_is_nothing_but_one_byte) {
    expect_sentence("nothing but zero bytes", all_of({decimal, others, delimited}),
                    {"\0\0\0\0\0\0\0\0\0\0\0\0"sv});
    expect_sentence("nothing but 0xff bytes",
                    all_of({decimal, wide, bounded, tiny, others, delimited}),
                    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"});
}

TEST(diagnosis, knows_a_binary_length_where_digits_should_stand) {
    expect_sentence(
        "looks like a binary length sent to a decimal framing", decimal,
        {"\0\5Hello"sv, "\5\0Hello"sv, "\0\0\5Hello"sv, "\5\0\0Hello"sv, "\0\0\0\5Hello"sv,
         "\5\0\0\0Hello"sv, "\0\0\0\0\0\0\0\5Hello"sv, "\5\0\0\0\0\0\0\0Hello"sv,
         "\0\0\1,This one is of 300 bytes"sv, ",\1\0\0This one is of 300 bytes"sv});
}

TEST(diagnosis, knows_lengths_where_text_should_stand) {
    expect_sentence("looks like a binary length", {"content-length", "mllp"},
                    {"\0\5Hello"sv, "\0\0\0\5Hello"sv, "\5\0\0\0Hello"sv});
    expect_sentence("looks like a decimal header", {"content-length", "mllp"},
                    {"0000000005Hello", "5:Hello,", "5 Hello"});
}

TEST(diagnosis, knows_a_decimal_length_where_a_binary_one_should_stand) {
    const auto acknowledged = "5" + std::string(63, ' ') + "Hello";
    expect_sentence("looks like a decimal header sent to a binary framing",
                    all_of({wide, bounded, tiny, {"tpkt"}}),
                    {"0000000005Hello", "0025Hello", "5:Hello,", "12:Hello world!,",
                     "10 0123456789", acknowledged});
}

TEST(diagnosis, knows_text_without_a_header) {
    expect_sentence(
        "looks like text without a header",
        all_of({decimal,
                wide,
                {"u16be,max=4096", "u24be,max=64KiB", "mllp", "tpkt", "content-length"}}),
        {"Hello there, how are you?", "h\xC3\xA9llo w\xC3\xB6rld",
         R"({"jsonrpc":"2.0","method":"exit"})", "<?xml version='1.0'?>", "[1,2,3,4,5]",
         "MSH|^~\\&|A|B"});
    expect_sentence("looks like text without a header",
                    {"digits:10", "netstring", "u32be", "mllp"}, {"EHLO example.org\r\n"});
}

TEST(diagnosis, knows_a_length_that_is_read_from_the_wrong_end) {
    expect_sentence("looks like a little-endian length, where big-endian is expected",
                    {"u32be", "u24be,max=64KiB"}, {"\5\0\0\0Hello"sv, ",\1\0\0abc"sv});
    expect_sentence("looks like a little-endian length, where big-endian is expected", {"u64be"},
                    {"\5\0\0\0\0\0\0\0Hello"sv, ",\1\0\0\0\0\0\0abc"sv});
    expect_sentence("looks like a little-endian length, where big-endian is expected",
                    {"u16be,max=1000"}, {"\5\0Hello"sv});
    expect_sentence("looks like a little-endian length, where big-endian is expected",
                    {"tpkt,max=100"}, {"\3\0\7\0\2\xF0\x80"sv});
    expect_sentence("looks like a big-endian length, where little-endian is expected", {"u32le"},
                    {"\0\0\0\5Hello"sv, "\0\0\1,abc"sv});
    expect_sentence("looks like a big-endian length, where little-endian is expected",
                    {"u24le,max=64KiB"}, {"\0\0\5Hello"sv, "\0\1,abc"sv});
    expect_sentence("looks like a big-endian length, where little-endian is expected", {"u64le"},
                    {"\0\0\0\0\0\0\0\5Hello"sv});
    expect_sentence("looks like a big-endian length, where little-endian is expected",
                    {"u16le,max=1000"}, {"\0\5Hello"sv});
}

TEST(diagnosis, knows_a_stream_that_was_joined_in_the_middle) {
    const auto expect_middle = [](std::string_view spec, std::string_view stream) {
        expect_sentence("looks like the middle of a message", {spec}, {stream});
    };
    expect_middle("digits:10", "ello0000000005Hello0000000002hi");
    expect_middle("digits:4", "ello0005Hello0002hi");
    expect_middle("netstring", "ello,5:Hello,2:hi,");
    expect_middle("octet-count", "ello5 Hello2 hi");
    expect_middle("u16be,max=100", "ello\0\5Hello\0\2hi"sv);
    expect_middle("u16le,max=100", "ello\5\0Hello\2\0hi"sv);
    expect_middle("u24be,max=100", "ello\0\0\5Hello\0\0\2hi"sv);
    expect_middle("u32be", "ello\0\0\0\5Hello\0\0\0\2hi"sv);
    expect_middle("u32le", "ello\5\0\0\0Hello\2\0\0\0hi"sv);
    expect_middle("u64be", "ello\0\0\0\0\0\0\0\5Hello"sv);
    expect_middle("tpkt", "\2\xF0\x80\3\0\0\7\2\xF0\x80"sv);
    expect_middle("content-length", "{\"a\":1}Content-Length: 2\r\n\r\nhi");
    expect_middle("mllp", "PID|1\r\x1C\r\x0BMSH|^~\\&|A|B\r\x1C\r");
}

// Whatever of the beginning is known by then, in however many reads it came.
TEST(diagnosis, is_made_from_all_that_is_known) {
    EXPECT_EQ(sentence_of("u32be", {"GE", "T "}), "looks like an HTTP request");
    EXPECT_EQ(sentence_of("u32be", {"G", "E", "T", " / HTTP/1.1"}), "looks like an HTTP request");
    EXPECT_EQ(sentence_of("content-length", {"SSH-2.0-Open", "SSH_9.2p1 Debian"}),
              "looks like an SSH banner");
    EXPECT_EQ(sentence_of("line,max=8", {"HTTP/", "1.1 200 OK"}), "looks like an HTTP response");
    EXPECT_EQ(sentence_of("digits:10", {"G", "ET / HTTP/1.1"}), "");
}

// A payload may look like anything.
TEST(diagnosis, is_about_the_frame_that_is_wrong) {
    EXPECT_EQ(sentence_of("netstring", {"5:Hello,GET / HTTP/1.1\r\n"}),
              "looks like an HTTP request");
    EXPECT_EQ(sentence_of("netstring", {"4:GET ,5;Hello,"}), "");
    EXPECT_EQ(sentence_of("u32be", {"\0\0\0\4GET 0005Hello"sv}),
              "looks like a decimal header sent to a binary framing");
    EXPECT_EQ(sentence_of("line,max=8", {"GET /\nHello there"}), "");
}

// Of a peer that speaks this framing, and writes it wrongly.
TEST(diagnosis, says_nothing_about_a_header_that_is_written_wrongly) {
    expect_sentence("", {"digits:10"}, {"+000000005Hello", "00000000 5Hello"});
    expect_sentence("", {"digits:4,pad=space"}, {"5 5 Hello", "5,  Hello", "05  Hello"});
    expect_sentence("", {"netstring"}, {"5;Hello,", ":Hello,", "5 :Hello,", "1_0:HelloHello,"});
    expect_sentence("", {"octet-count"}, {"5\tHello", "5:Hello", "5x Hello"});
    expect_sentence("", {"varint"}, {"\x85\0Hello"sv, "\x80\x80\0Hello"sv});
    expect_sentence("", {"tpkt"}, {"\3\1\0\7\2\xF0\x80"sv, "\2\0\0\7\2\xF0\x80"sv});
}

// Of a peer that speaks this framing, and says more than we take.
TEST(diagnosis, says_nothing_about_a_frame_that_is_only_too_large) {
    const auto text = "This message is longer than allowed, and so is the next one."s;
    const auto expect_silence = [&](std::string_view spec) {
        std::string stream;
        const auto framing = spec.substr(0, spec.find(",max"));
        ASSERT_TRUE(framing_of(framing).encode(text, stream)) << spec;
        EXPECT_EQ(sentence_of(spec, {stream}), "") << spec;
    };
    for (const auto spec :
         {"digits:10,max=25", "digits:64,pad=space,max=25", "digits:10,count=chars,max=25",
          "u16be,max=25", "u16le,max=25", "u24be,max=25", "u24le,max=25", "u32be,max=25",
          "u32le,max=25", "u64be,max=25", "u64le,max=25", "tpkt,max=25", "line,max=25",
          "delimiter:\\x03,max=25", "mllp,max=25"}) {
        expect_silence(spec);
    }
}

}  // namespace
}  // namespace framewire::diagnosis_of_streams_tests
