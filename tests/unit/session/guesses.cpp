// What the session says of a frame that never ends: a peer that writes another header is waited
// for until it leaves.

#include "framewire/session/session.hpp"

#include "driven_session.hpp"
#include "printing.hpp"
#include "real_bytes.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::guesses_tests {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;
using tests::driven_session;
using tests::event_texts;
namespace real = tests::real;

std::string guess_in(const std::string& words) {
    for (const std::string_view beginning : {"looks ", "does ", "nothing but "}) {
        const auto at = words.rfind(beginning);
        if (at != std::string::npos) return words.substr(at);
    }
    return "";
}

// The guess at the end of the stream, in one read or byte by byte, with payloads in pieces.
std::string guess_at_end(std::string_view spec, bytes stream) {
    driven_session in_bytes(spec, {}, delivery::pieces);
    for (const char& byte : stream) {
        if (in_bytes->over()) break;
        in_bytes.receive(bytes(&byte, 1));
    }
    in_bytes.receive_eof();
    driven_session peer(spec, {}, delivery::pieces);
    peer.receive(stream);
    peer.receive_eof();
    EXPECT_EQ(guess_in(peer.words()), guess_in(in_bytes.words())) << spec << ' ' << peer.words();
    return guess_in(peer.words());
}

void expect(std::string_view guess, std::string_view spec, bytes stream) {
    EXPECT_EQ(guess_at_end(spec, stream), guess) << spec << ' ' << testing::PrintToString(stream);
}

TEST(guesses, are_made_at_the_end_of_the_stream_a_reset_and_a_deadline) {
    const auto begun = [](driven_session& peer) {
        EXPECT_EQ(peer.receive("GET / HTTP/1.1\r\n\r\n"), event_texts{});
    };
    driven_session ended("u16be");
    begun(ended);
    EXPECT_EQ(ended.receive_eof(), event_texts{"frame.truncated at 18"});
    EXPECT_EQ(ended.words(),
              "was expecting 18245 bytes but only received 16 bytes before the socket closed; "
              "looks like an HTTP request");
    driven_session reset("u16be");
    begun(reset);
    reset->receive_error(errc::io_reset, "");
    EXPECT_EQ(reset.words(), "looks like an HTTP request");
    driven_session broken("u16be");
    begun(broken);
    broken->receive_error(errc::io_failed, "no route");
    EXPECT_EQ(broken.words(), "no route; looks like an HTTP request");
    driven_session late("u16be");
    begun(late);
    late.wait(31s);
    EXPECT_EQ(late->expire(), errc::io_timeout_body);
    EXPECT_TRUE(late.words().ends_with("for 30s; looks like an HTTP request")) << late.words();
}

TEST(guesses, are_not_made_between_frames) {
    driven_session peer("u16be");
    peer.receive("\0\5GET /"sv);
    peer->receive_error(errc::io_reset, "gone");
    EXPECT_EQ(peer.words(), "gone");
}

TEST(guesses, name_protocols) {
    for (const auto spec : {"u16be", "u16le", "u24be", "varint", "u16be,adjust=-2", "u16be,lead=2",
                            "u8", "u32be,max=4GiB", "delimiter:\\x03", "delimiter:\\r\\n\\x03"}) {
        expect("looks like an HTTP request", spec, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        expect("looks like an SSH banner", spec, real::ssh_banner);
        expect("looks like a SIP request", spec, "OPTIONS sip:a@example.org SIP/2.0\r\n\r\n");
        expect("looks like HTTP/2", spec, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }
    expect("looks like a TLS ClientHello", "line", bytes(real::client_hello).substr(0, 9));
    expect("", "line", "GET / HTTP/1.1");  // a line like any other
}

TEST(guesses, a_length_that_is_no_length_is_refused_at_once) {
    const auto refuse = [](std::string_view spec, bytes head) {
        driven_session peer(spec, {}, delivery::pieces);
        return peer.receive(head);
    };
    const event_texts refused{"frame.too_large at 0"};
    for (const auto spec : {"u32be", "u32le", "u32be,oversize=skip", "u32be,adjust=-4"}) {
        for (const auto head :
             {"GET "sv, "POST"sv, "HTTP"sv, "SSH-"sv, "OPTI"sv, "\x16\3\1\2"sv}) {
            EXPECT_EQ(refuse(spec, head), refused) << spec << ' ' << head;
        }
        // A length that may be meant, and one that is allowed.
        EXPECT_EQ(refuse(spec, "\x01\2\3\x04"), event_texts{});
        EXPECT_EQ(refuse(std::string(spec) + ",max=4GiB", "GET "), event_texts{});
    }
    driven_session peer("u32be", {}, delivery::pieces);
    peer.receive("\0\0\0\2hiGET / HTTP/1.1\r\n"sv);
    EXPECT_EQ(peer.words(),
              R"("GET / HTTP/1.1\r\n" announces 1195725856 bytes; looks like an HTTP request)");
    EXPECT_EQ(refuse("varint", "GET "), event_texts{});
    // The framing that it looks like.
    limits few;
    few.assembled_bytes_max = 8;
    driven_session records("u16be,lead=3", few, delivery::pieces);
    records.receive(bytes(real::client_hello).substr(0, 9));
    EXPECT_EQ(records.words(), "no failure");
}

TEST(guesses, know_a_length_that_counts_its_own_header) {
    expect("does the length count its own header? (adjust=-4)", "u32be", "\0\0\0\x09Hello"sv);
    expect("does the length count its own header? (adjust=-2)", "u16le", "\x07\0Hello"sv);
    expect("does the length count its own header? (adjust=-4)", "u32be,lead=1",
           "Q\0\0\0\x09Hello"sv);
    expect("does the length count its own header? (adjust=-5)", "u32be,lead=1",
           "Q\0\0\0\x0AHello"sv);
    expect("does the length count its own header? (adjust=-4)", "digits:4", "0009Hello");
    // The second frame of a peer that counts well.
    expect("", "u32be", "\0\0\0\2hi\0\0\0\x09Hello"sv);
    expect("", "u32be", "\0\0\0\x09Hell"sv);
}

TEST(guesses, know_the_other_byte_order_and_other_widths) {
    expect("looks like a little-endian length, where big-endian is expected", "u16be",
           "\5\0Hello"sv);
    expect("looks like a big-endian length, where little-endian is expected", "u16le",
           "\0\5Hello\0\2hi"sv);
    expect("looks like a little-endian length, where big-endian is expected", "u32be",
           ",\1\0\0"s + std::string(300, 'x'));
    expect("looks like a length of 2 bytes (u16be)", "u32be", "\0\5Hello"sv);
    expect("looks like a length of 4 bytes (u32le)", "u64be", "\5\0\0\0Hello"sv);
    expect("", "u16be", "\5\0Hell"sv);
}

TEST(guesses, know_digits_where_a_binary_length_was_expected) {
    expect("looks like a length of 4 digits (digits:4)", "u16be", "0005Hello");
    expect("looks like a length of 2 digits (digits:2)", "u16be", "05Hello");
    expect("looks like a netstring", "u8", "5:hello,");
    expect("looks like an octet count (octet-count)", "u16be", "5 hello");
    expect("looks like a decimal header sent to a binary framing", "u16be", "0009Hello");
    expect("looks like text without a header", "u16be", "Hello there");
    expect("looks like text without a header", "u64be", "Hello");
    // Text of the size that it announces: it is only cut off.
    expect("", "u16be", "AB" + std::string(1448, 'x'));
}

TEST(guesses, know_a_line_end_behind_a_binary_frame) {
    for (const auto end : {"\n", "\r\n"}) {
        expect("looks like a line end after a message: does the peer send one?", "u32be",
               "\0\0\0\5Hello"s + end);
        expect("looks like a line end after a message: does the peer send one?", "u16be",
               "\0\5Hello"s + end);
    }
    expect("", "u32be", "\n");
}

TEST(guesses, know_what_else_could_end_a_line) {
    expect("looks like an octet count (octet-count)", "line", "5 hello");
    expect("looks like an octet count (octet-count)", "line", "50 " + std::string(50, 'x'));
    expect("looks like a netstring", "delimiter:\\r\\n", "5:hello,");
    expect("looks like a message that NUL ends: delimiter:\\0", "line", "Hello\0"sv);
    expect("looks like a message that NUL ends: delimiter:\\0", "line",
           std::string(100, 'x') + "\0"s);
    expect("looks like a length of 4 bytes (u32be)", "line", "\0\0\0\5Hello"sv);
    expect("looks like lines that CR ends: delimiter:\\r", "line", "Hello\r");
    expect("looks like lines that LF ends: line", "delimiter:\\r\\n", "Hello\nWorld\n");
    for (const auto silent : {"Hello", "5 hell", "\0Hello", "\x80\x01\0", "Hel\rlo"}) {
        expect("", "line", silent);
    }
    expect("", "delimiter:\\x03", "Hello\n");
    expect("", "mllp",
           "\x0B"
           "5 hello");
}

TEST(guesses, know_characters_counted_for_bytes) {
    expect("does the peer count bytes?", "digits:2,count=chars", "06h\xC3\xA9llo");
    expect("", "digits:2,count=chars", "02a\xC3");
    const auto sentence_of = [](std::string_view spec, bytes stream) {
        driven_session peer(spec);
        peer.receive(stream);
        return guess_in(peer.words());
    };
    const auto counted = "does the peer count characters? (count=chars)";
    EXPECT_EQ(sentence_of("digits:4", "0005h\xC3\xA9llo"), counted);
    EXPECT_EQ(sentence_of("digits:4", "0005h\xC3\xA9llo0002hi"), counted);
    EXPECT_EQ(sentence_of("netstring", "5:h\xC3\xA9llo,"), "");
    expect("looks like the rest of a message: does the peer count characters?", "u32be",
           "\0\0\0\5h\xC3\xA9llo"sv);
}

TEST(guesses, know_what_is_wrong_where_a_frame_ended_too_early) {
    const auto sentence_of = [](std::string_view spec, bytes stream) {
        driven_session peer(spec);
        peer.receive(stream);
        return guess_in(peer.words());
    };
    EXPECT_EQ(sentence_of("u32be", "\0\0\0\5Hello\n\0\0\0\5World\n"sv),
              "looks like a line end after a message: does the peer send one?");
    EXPECT_EQ(sentence_of("u32be", "\0\0\0\x09Hello\0\0\0\x09World"sv),
              "does the length count its own header? (adjust=-4)");
    EXPECT_EQ(sentence_of("u32be,adjust=-4", "\0\0\0\5Hello\0\0\0\5World"sv),
              "does the length not count its own header? (adjust=0)");
    EXPECT_EQ(sentence_of("digits:4", "0000000005Hello"),
              "looks like a length of 10 digits (digits:10)");
    EXPECT_EQ(sentence_of("digits:4", "0004abcdHello"), "looks like text without a header");
    EXPECT_EQ(sentence_of("digits:4", "0004abcd" + std::string(70000, 'x')),
              "looks like text without a header");
}

}  // namespace
}  // namespace framewire::guesses_tests
