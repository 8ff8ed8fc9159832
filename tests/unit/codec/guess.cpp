// What a frame looks like that is not complete, and one that is wrong where a whole one ended: as
// the decoder alone knows it. `guesses` of the layer `session` has the moments when it is asked.

#include "framewire/codec/detail/guess.hpp"

#include "real_bytes.hpp"
#include "stream_reader.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::guess_tests {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using tests::framing_of;
namespace real = tests::real;

constexpr const char* line_end = "looks like a line end after a message: does the peer send one?";
constexpr const char* request = "looks like an HTTP request";
constexpr const char* text = "looks like text without a header";
constexpr const char* decimal = "looks like a decimal header sent to a binary framing";
constexpr const char* octet_count = "looks like an octet count (octet-count)";
constexpr const char* nul = "looks like a message that NUL ends: delimiter:\\0";
constexpr const char* silent = "";

std::string own_header_of(int adjust) {
    return fmt::format("does the length count its own header? (adjust={})", adjust);
}

enum class caller { keeps_the_payload, passes_it_on };

// What the last frame of the stream looks like, which is not complete.
std::string guess_at_end(std::string_view spec, bytes stream, caller what) {
    const auto frames = framing_of(spec);
    auto decoder = frames.decoder();
    std::string payload;
    for (auto rest = stream; !rest.empty();) {
        const auto found = decoder.next(rest);
        if (found.what == step::failed) {
            ADD_FAILURE() << spec << ' ' << decoder.failure().message();
            break;
        }
        if (found.what != step::piece) continue;
        payload += found.piece.payload;
        if (found.piece.last) payload.clear();
    }
    EXPECT_NE(decoder.phase(), frame_phase::between_frames)
        << spec << ' ' << testing::PrintToString(stream);
    return guess_unfinished(frames, decoder,
                            what == caller::keeps_the_payload ? bytes(payload) : bytes());
}

void expect(std::string_view guess, std::string_view spec, bytes stream,
            caller what = caller::keeps_the_payload) {
    EXPECT_EQ(guess_at_end(spec, stream, what), guess)
        << spec << ' ' << testing::PrintToString(stream.substr(0, 80));
}

struct row {
    std::string_view spec;
    std::string stream;
    std::string guess;
};

void expect_each(const std::vector<row>& rows) {
    for (const auto& one : rows) expect(one.guess, one.spec, one.stream);
}

TEST(guess, of_a_protocol_in_place_of_a_binary_header) {
    expect_each({
        {"u16be", "GET / HTTP/1.1\r\n\r\n", request},
        {"varint", "GET / HTTP/1.1\r\n\r\n", request},
        {"u16be,adjust=-2", "GET / HTTP/1.1\r\n\r\n", request},
        {"u16be", std::string(real::ssh_banner), "looks like an SSH banner"},
        {"u32be,max=4GiB", "GET", silent},                     // too little to know
        {"u16be,magic=GE", "GET / HTTP/1.1\r\n\r\n", silent},  // the header that was agreed
        {"digits:4", "9999GET / HTTP/1.1\r\n\r\n", silent},
    });
}

TEST(guess, of_a_protocol_in_place_of_text_that_has_an_end) {
    expect_each({
        {R"(delimiter:\x03)", "GET / HTTP/1.1\r\n\r\n", request},
        {"line", std::string(bytes(real::client_hello).substr(0, 9)),
         "looks like a TLS ClientHello"},
        {"line", "GET / HTTP/1.1", silent},  // a line like any other
        {"between:GE..>>", "GET / HTTP/1.1\r\n\r\n", silent},
    });
}

TEST(guess, of_a_line_end_after_a_binary_frame) {
    expect_each({
        {"u32be", "\0\0\0\5Hello\n"s, line_end},
        {"u32be", "\0\0\0\5Hello\r\n"s, line_end},
        {"u16be", "\0\5Hello\r\n"s, line_end},
        {"u32be", "\n", silent},  // nothing was before it
        {"u32be", "\0\0\0\5Hello\n\n"s, silent},
    });
    // The header of a fragment is in the middle of its payload.
    expect(silent, "u8,mask=7f,more=80", "\1x\x82hi\n", caller::passes_it_on);
    expect(silent, "u8,mask=7f,more=80", "\1x\x82hi\n", caller::keeps_the_payload);
}

// Only where such a byte cannot begin a length.
TEST(guess, of_characters_that_were_counted_before_a_binary_header) {
    constexpr const char* rest =
        "looks like the rest of a message: does the peer count characters?";
    expect_each({
        {"u32be", "\0\0\0\5h\xC3\xA9llo"s, rest},
        {"u64be", "\0\0\0\0\0\0\0\5h\xC3\xA9lloab"s, rest},
        {"u32be", "\0\0\0\2hi\0"s, silent},
        {"u32be", "\0\0\0\2hi o"s, silent},
        {"u32be", "\0\0\0\2hio\1"s, silent},
        {"u32be", "o", silent},
        {"u32le", "\2\0\0\0hio"s, silent},
        {"u16be", "\0\2hio"s, silent},
        {"u32be,offset=1", "-\0\0\0\2hio"s, silent},
        {"bcd:4", "\0\0\0\2hi1"s, silent},
    });
}

TEST(guess, of_the_other_byte_order) {
    expect_each({
        {"u16be", "\5\0Hello"s, "looks like a little-endian length, where big-endian is expected"},
        {"u16le", "\0\5Hello\0\2hi"s,
         "looks like a big-endian length, where little-endian is expected"},
        {"u16be", "\5\0Hell"s, silent},
        {"u16be", "\1x\5\0Hello"s, silent},
    });
}

TEST(guess, of_a_length_that_counts_its_own_header) {
    expect_each({
        {"u32be", "\0\0\0\x09Hello"s, own_header_of(-4)},
        {"digits:4", "0009Hello", own_header_of(-4)},
        // Of a header that is more than the length, all of it or the length alone.
        {"u32be,lead=1", "Q\0\0\0\x09Hello"s, own_header_of(-4)},
        {"u32be,lead=1", "Q\0\0\0\x0AHello"s, own_header_of(-5)},
        {"u32be", "\0\0\0\x09Hell"s, silent},
        // The second frame of a peer that counts well.
        {"u32be", "\0\0\0\2hi\0\0\0\x09Hello"s, silent},
        {"varint", "\x09Hello", silent},  // no header of one size
    });
}

TEST(guess, of_digits_in_place_of_another_length) {
    expect_each({
        {"u16be", "0005Hello", "looks like a length of 4 digits (digits:4)"},
        {"u16be", "05Hello", "looks like a length of 2 digits (digits:2)"},
        {"u16be", "0000000005Hello", "looks like a length of 10 digits (digits:10)"},
        {"u16be", "00000000005Hello", decimal},
        {"u8", "5:hello,", "looks like a netstring"},
        {"u16be", "5 hello", octet_count},
        {"digits:3", "020x", "looks like a length of 2 digits (digits:2)"},
        {"u16be", "0009Hello", decimal},
        {"u8", "1234", silent},
    });
}

TEST(guess, of_text_in_place_of_a_binary_length) {
    expect_each({
        {"u16be", "Hello there", text},
        {"u64be,max=1GiB,oversize=skip", "Hello", text},
        {"u16be,magic=He", "Hello there", silent},
        {"bcd:2", "\x90\x90 Hello", silent},
        {"varint", "Hello there", silent},
        {"varint", "\xC8\xE9lo there", silent},
        {"u8", "zHello", silent},  // as likely as not
        // A sixteenth of the size that the text announces: it is only cut off.
        {"u16be", "AB" + std::string(1041, 'x'), text},
        {"u16be", "AB" + std::string(1042, 'x'), silent},
    });
}

TEST(guess, of_a_binary_length_of_another_width) {
    expect_each({
        {"u32be", "\0\5Hello"s, "looks like a length of 2 bytes (u16be)"},
        {"u32be", "\5\0Hello"s, "looks like a length of 2 bytes (u16le)"},
        {"u64be", "\0\0\5Hello"s, "looks like a length of 3 bytes (u24be)"},
        {"u64be", "\5\0\0\0Hello"s, "looks like a length of 4 bytes (u32le)"},
        {"u16be", "\5\0\0\0\0\0\0\0Hello"s, "looks like a length of 8 bytes (u64le)"},
        {"u32be,lead=1", "\0\5Hello"s, silent},
        {"u32be,adjust=-1", "\0\5Hello"s, silent},
        {"varint", "\x80\x05Hello", silent},
    });
}

TEST(guess, of_characters_where_bytes_are_counted_and_the_other_way_round) {
    expect_each({
        {"digits:2,count=chars", "06h\xC3\xA9llo", "does the peer count bytes?"},
        {"digits:2,count=chars", "02a\xC3", silent},
        {"digits:2,count=chars", "09h\xC3\xA9llo", silent},
        {"digits:2", "06h\xC3\xA9ll", silent},
    });
    const auto much = "50" + std::string(48, 'x') + "\xC3\xA9";
    expect("does the peer count bytes?", "digits:2,count=chars", much);
    expect(silent, "digits:2,count=chars", much, caller::passes_it_on);
}

TEST(guess, of_what_ends_a_message) {
    expect_each({
        {"line", "5 hello", octet_count},
        {"line", "50 " + std::string(50, 'x'), octet_count},
        {R"(delimiter:\r\n)", "5:hello,", "looks like a netstring"},
        {"line", "\0\0\0\5Hello"s, "looks like a length of 4 bytes (u32be)"},
        {"line", "H\0"s, nul},
        {"line", "Hello\0"s, nul},
        {"line", "Hello\0World"s, nul},
        {"line", std::string(100, 'x') + "\0"s, nul},
        {"line", "Hello\r", "looks like lines that CR ends: delimiter:\\r"},
        {R"(delimiter:\r\n)", "Hello\nWorld\n", "looks like lines that LF ends: line"},
        {"line", "Hello", silent},
        {"line", "5 hell", silent},
        {"line", "\0Hello"s, silent},
        {"line", "\x80\x01\0"s, silent},
        {"line", "Hel\rlo", silent},
        {R"(delimiter:\x03)", "Hello\n", silent},
        {"mllp",
         "\x0B"
         "5 hello",
         silent},
        {"line", "Hello\n5 hello", silent},  // the first line was one
    });
    // The CR that ends what is known need not end what has arrived.
    expect(silent, "line", std::string(31, 'x') + "\rxxx", caller::passes_it_on);
}

// Of what a caller no longer has, the first bytes and the size are known.
TEST(guess, knows_the_size_of_a_payload_that_was_passed_on) {
    for (const auto what : {caller::keeps_the_payload, caller::passes_it_on}) {
        expect("looks like a little-endian length, where big-endian is expected", "u32be",
               ",\1\0\0"s + std::string(300, 'x'), what);
        expect(silent, "u32be", ",\1\0\0"s + std::string(297, 'x'), what);
    }
    expect(nul, "line", std::string(100, 'x') + "\0"s, caller::keeps_the_payload);
    expect(silent, "line", std::string(100, 'x') + "\0"s, caller::passes_it_on);
    // More than the words of an error are worth searching.
    expect(silent, "line", std::string(64 * 1024, 'x') + "\0"s);
}

TEST(guess, is_not_made_of_a_framing_with_a_grammar_or_without_a_length) {
    expect_each({
        {"fixed:20", "GET / HTTP/1.1\r\n\r\n", silent},
        {"fixed:20", "5:hello,", silent},
        {"content-length", "Content-Length: 9\r\n\r\n5:hello,", silent},
        {"content-length,fields=keep", "Content-Length: 9\r\n\r\n5:hello,", silent},
        {"u8,end=ab", "\2hi", silent},  // all but its end
        {"json", R"(["5:hello,")", silent},
        {"slip", "5:hello,", silent},
        {"chunks:u16be",
         "\0\x09"
         "5:hello,"s,
         silent},
    });
}

TEST(guess, of_a_lead_that_is_not_there) {
    expect(own_header_of(-4), "u32be,lead=1", "Q\0\0\0\x09Hello"sv, caller::passes_it_on);
}

TEST(guess, is_not_made_without_frames) {
    const auto raw = framing_of("raw");
    EXPECT_EQ(guess_unfinished(raw, raw.decoder(), "GET / HTTP/1.1\r\n"), silent);
}

void expect_after(std::string_view guess, std::string_view spec, bytes before, bytes rest) {
    EXPECT_EQ(guess_after(framing_of(spec), before, rest), guess)
        << spec << ' ' << testing::PrintToString(before) << testing::PrintToString(rest);
}

TEST(guess, of_a_line_end_after_a_whole_frame) {
    for (const auto& end : {"\n"s, "\r\n"s}) {
        expect_after(line_end, "u32be", "\0\0\0\5Hello"sv, end);
        expect_after(line_end, "u32be", "\0\0\0\5Hello"sv, end + "\0\0\0\5World"s + end);
        expect_after(line_end, "netstring", "5:hello,", end);
        expect_after(silent, "netstring", "5:hello,", end + "hello");
    }
}

TEST(guess, of_whole_frames_whose_lengths_count_too_much) {
    expect_after(own_header_of(-4), "u32be", "\0\0\0\x09Hello\0\0\0\x09"sv, "World");
    expect_after(own_header_of(-4), "digits:4", "0009Hello0009", "World");
    const auto without = "does the length not count its own header? (adjust=0)";
    expect_after(without, "u32be,adjust=-4", "\0\0\0\5H"sv, "ello\0\0\0\5World"sv);
    expect_after(silent, "u32be,adjust=-4", "\0\0\0\5H"sv, "ello?");
    expect_after(silent, "u32be,adjust=4", "\0\0\0\1Hello"sv, "?");
}

TEST(guess, of_whole_frames_whose_characters_were_counted) {
    const auto counted = "does the peer count characters? (count=chars)";
    expect_after(counted, "digits:4", "0005h\xC3\xA9ll", "o");
    expect_after(counted, "digits:4", "0005h\xC3\xA9ll", "o0002hi");
    expect_after("does the peer count characters?", "u16be", "\0\5h\xC3\xA9ll"sv, "o");
    expect_after(silent, "digits:4,count=chars", "0005h\xC3\xA9llo", "o");
    expect_after(silent, "digits:4", "0005Hello", "o");
}

TEST(guess, is_not_made_of_whole_frames_without_a_length_before_them) {
    expect_after(silent, "line", "Hello\n", "\n");
    expect_after(silent, "chunks:u16be", "\0\2hi\0\0"sv, "\n");
    expect_after(silent, "fixed:4", "abcd", "\r\n");
    expect_after(silent, "content-length", "Content-Length: 1\r\n\r\nx", "\n");
}

TEST(guess, is_not_made_of_more_bytes_than_its_words_are_worth) {
    const std::string much(64 * 1024 - 6, 'x');
    const auto frame = tests::framing_of("u32be");
    std::string stream;
    ASSERT_TRUE(frame.encode(much, stream));
    expect_after(line_end, "u32be", stream, "\r\n");
    expect_after(silent, "u32be", stream, "\r\n\r\n");
    expect_after(silent, "u32be", stream + "x", "\r\n");
}

}  // namespace
}  // namespace framewire::guess_tests
