// A sentence that is wrong sends people looking in the wrong place. Here are the streams of peers
// that speak our framing, which must get none, and those that used to be called something else.

#include "framewire/codec/framing.hpp"

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::diagnosis_false_claims_tests {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using tests::framing_of;
using tests::stream_reader;

std::string sentence_of(std::string_view spec, bytes stream) {
    stream_reader reader(framing_of(spec).decoder(16 << 20));
    if (reader.feed(stream)) return "no error";
    const auto& words = reader.decoder().failure().words;
    const auto border = words.rfind("; ");
    return border == std::string::npos ? "" : words.substr(border + 2);
}

void expect(std::string_view sentence, std::string_view spec, bytes stream) {
    EXPECT_EQ(sentence_of(spec, stream), sentence)
        << spec << ' ' << testing::PrintToString(std::string(stream.substr(0, 40)));
}

TEST(diagnosis, does_not_take_a_sign_for_the_middle_of_a_message) {
    for (const auto wrong : {"+5:Hello,", "-5:Hello,", " 5:Hello,", "05:Hello,", "0x5:Hello,",
                             "\xD9\xA5\x35:Hello,"}) {
        expect("", "netstring", wrong);
    }
    for (const auto wrong : {"+5 Hello", "-5 Hello", "05 Hello", "0x5 Hello"}) {
        expect("", "octet-count", wrong);
    }
    expect("", "u16be,adjust=-4", "\0\0Hello"sv);
}

TEST(diagnosis, does_not_take_header_fields_for_text) {
    for (const auto wrong :
         {"Content-Length: +5\r\n\r\nHello", "Content-Length: 5\r\rHello",
          "Host: x\r\nContent-Length: +5\r\n\r\nHello", "Content-Length: 5,5\r\n\r\nHello",
          "Accept: a\r\n b\r\nContent-Length: 5\r\n\r\nHello"}) {
        expect("", "content-length", wrong);
    }
    expect("", "content-length,max=5", "Content-Length: 10\r\n\r\nHelloHello");
}

// All of them carry numbers that would do for lengths.
TEST(diagnosis, does_not_take_a_large_payload_for_anything) {
    std::string records;
    for (int i = 1; i < 100; ++i) records += "\0\0\0"s + static_cast<char>(i) + "\0\2\0\3"s;
    std::string packed;
    for (int i = 1; i < 100; ++i) packed += static_cast<char>(i) + "\0\0\0\7\0"s;
    std::string image;
    for (int i = 1; i < 30; ++i) image += "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\x06"s;
    const auto text = "Call 911 now, or 112 1 time: 10:15. "s + std::string(500, 'x');
    for (const std::string_view framing :
         {"u16be", "u16le", "u24be", "u24le", "u32be", "u32le", "u64be", "u64le", "tpkt", "varint",
          "netstring", "octet-count", "content-length", "digits:10", "digits:10,pad=space"}) {
        for (const auto& payload : {records, packed, image, text}) {
            for (const std::size_t size : {41U, 200U, 256U, 512U}) {
                std::string stream;
                ASSERT_TRUE(framing_of(framing).encode(payload.substr(0, size), stream));
                expect("", std::string(framing) + ",max=40", stream);
            }
        }
    }
}

// Backwards it is 512.
TEST(diagnosis, does_not_turn_a_length_that_begins_with_zeros) {
    expect("", "u32be,max=64KiB", "\0\2\0\0This message has 128 KiB."sv);
    expect("", "u32le,max=64KiB", "\0\0\2\0This message has 128 KiB."sv);
}

TEST(diagnosis, does_not_take_two_bytes_for_tls_or_three_letters_for_smb) {
    expect("", "u16be,max=4096", "\x16\x03This message has 5635 bytes.");
    expect("", "u16be,max=4096", "\x15\x03This message has 5379 bytes.");
    for (const auto text : {"My SMB share is gone", "The SMB is one"}) {
        expect("looks like text without a header", "digits:10", text);
    }
}

TEST(diagnosis, does_not_take_text_for_the_middle_of_a_message) {
    for (const auto& [spec, text] : {
             std::pair{"netstring", "Time: 10:15:30 now"},
             std::pair{"octet-count", "<13>Oct 11 22:14:15 mymachine su: 'su root' failed\n"},
             std::pair{"digits:2", "Call 911 now, or 112"},
             std::pair{"u16be,max=4096", "EHLO example.org\r\n"},
             std::pair{"u16le,max=4096", "Accept: a\r\nHost: b\r\n"},
         }) {
        expect("looks like text without a header", spec, text);
    }
}

TEST(diagnosis, does_not_take_the_middle_of_a_message_for_a_length_the_other_way_round) {
    expect("looks like the middle of a message", "u32be", "llo\0\0\0\5Hello\0\0\0\2hi"sv);
    expect("looks like the middle of a message", "u24be,max=64KiB", "lo\0\0\5Hello\0\0\2hi"sv);
}

}  // namespace
}  // namespace framewire::diagnosis_false_claims_tests
