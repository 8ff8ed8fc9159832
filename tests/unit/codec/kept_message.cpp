#include "framewire/codec/kept_message.hpp"

#include "readings.hpp"
#include "refused_spec.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::kept_message_tests {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using tests::encoded;
using tests::failure;
using tests::frames;
using tests::framing_of;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;

constexpr auto sip =
    "content-length,start=line,field=Content-Length|l,blanks=any,fields=keep,"
    R"(skip=\r\n)";
constexpr auto esl = "content-length,eol=lf,missing=0,fields=keep";
constexpr auto stomp =
    "content-length,start=line,eol=any,blanks=any,field=content-length,"
    R"(missing=end,end=\0,fields=keep,skip=\r\n)";
constexpr auto rtsp = R"(content-length,start=line,missing=0,fields=keep,interleaved=$)";

TEST(kept_message, is_a_payload_with_its_header) {
    const std::string invite = "INVITE sip:bob@b.example SIP/2.0\r\nVia: x\r\nl: 4\r\n\r\nv=0\n";
    EXPECT_EQ(read(sip, invite + invite), frames({{invite, 0}, {invite, invite.size()}}));
    EXPECT_EQ(encoded(sip, invite), invite);
    const std::string event = "Content-Length: 2\nContent-Type: a\n\nok";
    const std::string request = "Content-Type: auth/request\n\n";
    EXPECT_EQ(read(esl, request + event), frames({{request, 0}, {event, request.size()}}));
    EXPECT_EQ(encoded(esl, request), request);
}

// RFC 5626, section 4.4.1: a keep-alive is two line ends, and the answer one.
TEST(kept_message, line_ends_may_be_between_messages) {
    const std::string ack = "ACK a SIP/2.0\r\nContent-Length: 0\r\n\r\n";
    EXPECT_EQ(read(sip, "\r\n\r\n" + ack + "\r\n" + ack + "\r\n\r\n"),
              frames({{ack, 4}, {ack, ack.size() + 6}}));
    EXPECT_EQ(refusal(sip, "\r\n" + ack), errc::frame_syntax);
}

TEST(kept_message, names_and_spaces_are_read_as_sip_writes_them) {
    for (const std::string field :
         {"l:2", "L :2", "L: \t 2 \t", "Content-Length:2", "CONTENT-LENGTH: 2",
          "To :\r\n x\r\nl:2", "Subject:\r\n\tfolded\r\n once more\r\nl: 2", "x-l: 9\r\nl: 2",
          "Content-Lengt: 7\r\nl:2"}) {
        const auto whole = "BYE x SIP/2.0\r\n" + field + "\r\n\r\nhi";
        if (field == "L :2") {
            EXPECT_EQ(read(sip, whole), failure(errc::frame_length_syntax, 16)) << field;
        } else {
            EXPECT_EQ(read(sip, whole), frames({{whole, 0}})) << field;
        }
    }
}

TEST(kept_message, no_second_length_is_smuggled) {
    const std::string start = "BYE x SIP/2.0\r\n";
    for (const auto& [fields, wrong] : {std::pair{"l: 2\r\nContent-Length: 2\r\n\r\nhi"s, 20U},
                                        {"l: 2\r\nl: 2\r\n\r\nhi"s, 7U},
                                        {"Transfer-Encoding: chunked\r\n\r\n"s, 17U},
                                        {"l: 2\r\ntransfer-encoding : x\r\n\r\nhi"s, 23U},
                                        {"l: 2, 2\r\n\r\nhi"s, 4U},
                                        {"l: 2\r\n 3\r\n\r\nhi"s, 6U},
                                        {"l:\r\n 2\r\n\r\nhi"s, 2U},
                                        {"l: 2 2\r\n\r\nhi"s, 5U}}) {
        EXPECT_EQ(read(sip, start + fields),
                  failure(errc::frame_length_syntax, start.size() + wrong))
            << fields;
    }
    for (const auto& [text, wrong] : {std::pair{" GET / HTTP/1.1\r\n"s, 0U},
                                      {"\tGET"s, 0U},
                                      {"GET /\r\n x: y\r\n"s, 7U},
                                      {"GET\x01"s, 3U},
                                      {"GET /\r\nx\x7F"s, 8U},
                                      {"GET /\r\nx y"s, 9U},
                                      {"G\rE"s, 2U}}) {
        EXPECT_EQ(read(sip, text), failure(errc::frame_syntax, wrong)) << text;
    }
}

TEST(kept_message, a_missing_length_is_an_error_or_nothing_or_has_an_end) {
    EXPECT_EQ(read(sip, "BYE x SIP/2.0\r\nx: y\r\n\r\n"), failure(errc::frame_length_syntax, 21));
    EXPECT_EQ(read(esl, "a: b\n\nc: d\n\n"), frames({{"a: b\n\n", 0}, {"c: d\n\n", 6}}));
    const auto connect = "CONNECT\nhost:x\n\n"s;
    const auto sent = "SEND\r\ndestination:/q\r\ncontent-length:3\r\n\r\na\0b"s;
    const auto body = "MESSAGE\n\nHello"s;
    EXPECT_EQ(read(stomp, "\n\r\n" + connect + "\0\n"s + sent + '\0' + body + '\0'),
              frames({{connect, 3}, {sent, 21}, {body, 21 + sent.size() + 1}}));
    EXPECT_EQ(encoded(stomp, body), body + '\0');
    EXPECT_EQ(encoded(stomp, sent), sent + '\0');
    EXPECT_EQ(refusal(stomp, body + '\0'), errc::frame_delimiter);
    EXPECT_EQ(read(stomp, sent + "x"), failure(errc::frame_syntax, sent.size()));
}

TEST(kept_message, interleaved_data_is_between_messages) {
    const std::string options = "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n";
    const auto data = "$\1\0\3abc"s;
    EXPECT_EQ(read(rtsp, data + options + data + "$\0\0\0"s),
              frames({{data, 0},
                      {options, 7},
                      {data, options.size() + 7},
                      {"$\0\0\0"s, options.size() + 14}}));
    EXPECT_EQ(encoded(rtsp, data), data);
    EXPECT_EQ(refusal(rtsp, "$\1\0\3ab"s), errc::frame_wrong_size);
    EXPECT_EQ(refusal(rtsp, "$\1\0"s), errc::frame_syntax);
    EXPECT_EQ(read(std::string(rtsp) + ",max=6", data), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read(std::string(rtsp) + ",max=2", data), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read(std::string(rtsp) + ",max=4", "$\1\0\5"s), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("content-length,fields=keep,interleaved=$,max=1", "$\1\1\3"),
              failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("content-length,fields=keep,interleaved=$,max=4,oversize=skip", data),
              frames({{"", 0, true}}));
}

TEST(kept_message, what_is_sent_is_what_a_receiver_would_read) {
    for (const auto& [payload, why] :
         {std::pair{""s, errc::frame_syntax},
          {"BYE x SIP/2.0\r\nl: 2\r\n"s, errc::frame_syntax},
          {"BYE x SIP/2.0\r\n\r\n"s, errc::frame_length_syntax},
          {"BYE x SIP/2.0\r\nl: 2\r\n\r\nh"s, errc::frame_wrong_size},
          {"BYE x SIP/2.0\r\nl: 2\r\n\r\nhi!"s, errc::frame_wrong_size},
          {"BYE x SIP/2.0\r\nl: 02\r\n\r\nhi"s, errc::frame_length_syntax},
          {"BYE x SIP/2.0\nl: 2\n\nhi"s, errc::frame_syntax}}) {
        EXPECT_EQ(refusal(sip, payload), why) << payload;
    }
}

TEST(kept_message, is_checked_as_it_is_sent_in_pieces) {
    const auto send = [](std::string_view spec, const std::vector<std::string_view>& pieces,
                         std::uint64_t announced = unknown_length) {
        const auto framing = framing_of(spec);
        std::string out = ".";
        auto frame = framing.begin(announced, out);
        for (const auto piece : pieces) {
            const auto before = out;
            if (const auto done = framing.append(*frame, piece, out); !done) {
                EXPECT_EQ(out, before);
                return std::string(error_name(done.error()));
            }
        }
        const auto done = framing.end(*frame, out);
        return done ? out : std::string(error_name(done.error()));
    };
    EXPECT_EQ(send(sip, {"BYE x SI", "", "P/2.0\r\nl:", "2\r\n\r\nh", "i"}),
              ".BYE x SIP/2.0\r\nl:2\r\n\r\nhi");
    EXPECT_EQ(send(sip, {"BYE x SIP/2.0\r\nl:2\r\n\r\nhi"}, 24),
              ".BYE x SIP/2.0\r\nl:2\r\n\r\nhi");
    EXPECT_EQ(send(sip, {"BYE x SIP/2.0\r\nl:2\r\n\r\nhi", "!"}, 24), "frame.wrong_size");
    EXPECT_EQ(send(sip, {"BYE x SIP/2.0\r\nl:2\r\n\r\nh", "i!"}), "frame.wrong_size");
    EXPECT_EQ(send(sip, {"BYE x SIP/2.0\r\nl:2\r\n\r\nh"}), "frame.wrong_size");
    EXPECT_EQ(send(sip, {"BYE x SIP/2.0\r\n", "l:2\r\n"}), "frame.syntax");
    EXPECT_EQ(send(sip, {"BYE x SIP/2.0\r\n", "l 2\r\n"}), "frame.length_syntax");
    EXPECT_EQ(send(sip, {"\rBYE"}), "frame.syntax");
    EXPECT_EQ(send(sip, {}), "frame.syntax");
    EXPECT_EQ(send(stomp, {"A\n", "\nb", "c"}), ".A\n\nbc\0"s);
    EXPECT_EQ(send(stomp, {"A\n", "\nb", "c\0"sv}), "frame.delimiter");
}

TEST(kept_message, its_header_counts_for_its_bound) {
    const std::string hi = "A: b\nContent-Length: 2\n\nhi";
    const auto spec = [](std::size_t max, const char* more = "") {
        return esl + ",max="s + std::to_string(max) + more;
    };
    EXPECT_EQ(read(spec(26), hi), frames({{hi, 0}}));
    for (const std::size_t max : {0U, 1U, 5U, 23U, 24U, 25U}) {
        EXPECT_EQ(read(spec(max), hi), failure(errc::frame_too_large, 0)) << max;
        EXPECT_EQ(read(spec(max, ",oversize=skip"), hi + "a: b\n\n"),
                  max < 6 ? frames({{"", 0, true}, {"", 26, true}})
                          : frames({{"", 0, true}, {"a: b\n\n", 26}}))
            << max;
    }
    EXPECT_EQ(read(spec(24), "Content-Length: 25"), failure(errc::frame_too_large, 0));
    const auto body = "A\n\nHello"s;
    EXPECT_EQ(read(stomp + ",max=8"s, body + '\0'), frames({{body, 0}}));
    EXPECT_EQ(read(stomp + ",max=7"s, body + '\0'), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read(stomp + ",max=7"s, body), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read(stomp + ",max=7,oversize=skip"s, body + '\0'), frames({{"", 0, true}}));
}

// Pieces that a caller has received already cannot be dropped.
TEST(kept_message, is_not_skipped_once_it_was_delivered) {
    const auto framing = framing_of(
        "content-length,fields=keep,eol=lf,missing=0,max=9,"
        "oversize=skip");
    EXPECT_EQ(tests::read_whole(framing.decoder(unknown_length - 1, 4), "A: bcd\nC: d\n\n"),
              failure(errc::frame_too_large, 0));
}

TEST(kept_message, a_header_has_at_most_64_kib) {
    const auto long_one = "A: " + std::string(70'000, 'x');
    EXPECT_EQ(tests::read_whole(framing_of(esl).decoder(), long_one),
              failure(errc::frame_syntax, 65'536));
    EXPECT_EQ(tests::read_byte_by_byte(framing_of(esl).decoder(), long_one),
              failure(errc::frame_syntax, 65'536));
}

TEST(kept_message, says_what_was_expected_and_what_is_missing) {
    EXPECT_EQ(message(esl, "A: b\r\n"),
              "frame.syntax at 4: \"A: b\\r\\n\" where header fields with at most one "
              "Content-Length were expected; 0x0d is at the end of this line: eol=crlf or eol=any "
              "reads it");
    EXPECT_EQ(
        message(sip, "\1\0\0\0\0\0"s),
        "frame.syntax at 0: \"\\x01\\x00\\x00\\x00\\x00\\x00\" where a line and header fields "
        "with one Content-Length or l were expected; looks like a binary length");
    EXPECT_EQ(message(esl + ",max=3"s, "Content-Length: 9"),
              "frame.too_large at 0: \"Con\" begins a message of more than the 3 bytes allowed");
    EXPECT_EQ(message(esl + ",max=20"s, "Content-Length: 99"),
              "frame.too_large at 0: \"Content-Length: 99\" announces more than the 20 bytes "
              "allowed");
    EXPECT_EQ(message(stomp, "A\ncontent-length:0\n\nx"),
              "frame.syntax at 20: \"x\" where the frame should end with \"\\x00\"");
    EXPECT_EQ(truncation(esl, "A: b\n"),
              "frame.truncated at 5: the stream ended after 5 bytes of a header: \"A: b\\n\"");
    EXPECT_EQ(truncation(esl, "Content-Length: 3\n\na"),
              "frame.truncated at 20: was expecting 3 bytes but only received 1 bytes before the "
              "socket closed");
    EXPECT_EQ(truncation(stomp, "A\n\nb"),
              "frame.truncated at 4: the stream ended after 4 bytes of a message, without "
              "\"\\x00\": \"A\\n\\n\"");
    EXPECT_EQ(truncation(stomp, "A\ncontent-length:0\n\n"),
              "frame.truncated at 20: the stream ended before the frame's last byte");
    EXPECT_EQ(
        framing_of(esl).refusal(errc::frame_wrong_size, 5).message(),
        "frame.wrong_size at 0: a payload of 5 bytes cannot be framed by " + std::string(esl));
}

TEST(kept_message, its_layout_says_that_the_header_is_payload) {
    const auto layout = framing_of(stomp).describe();
    EXPECT_TRUE(layout.length->fields.is_in_payload);
    EXPECT_TRUE(layout.length->fields.has_start_line);
    EXPECT_TRUE(layout.length->fields.may_be_missing);
    EXPECT_EQ(layout.length->fields.names, std::vector<std::string>{"content-length"});
    EXPECT_EQ(layout.length->trailer, "\0"s);
    EXPECT_EQ(layout.skip, "\r\n");
    EXPECT_FALSE(framing_of("content-length,fields=drop").describe().length->fields.is_in_payload);
}

TEST(kept_message, refuses_options_that_no_message_has) {
    tests::expect_refused(
        {{"content-length,fields=keep,eol=cr", 31, "crlf, lf or any"},
         {"content-length,fields=keep,skip=12345", 32, "1 to 4 bytes"},
         {"content-length,fields=keep,end=", 31, "1 to 8 bytes"},
         {"content-length,fields=keep,interleaved=ab", 39, "1 to 1 bytes"},
         {"content-length,fields=keep,missing=end", 35, "end=BYTE with 'missing=end'"},
         {"content-length,fields=keep,missing=end,end=ab", 43, "one byte with 'missing=end'"}});
}

TEST(kept_message, an_error_is_the_last) {
    auto decoder = framing_of(esl).decoder();
    bytes input = "A: b\r\n\r\n";
    EXPECT_EQ(decoder.next(input).what, step::failed);
    const auto before = decoder.failure();
    bytes more = "a: b\n\n";
    EXPECT_EQ(decoder.next(more).what, step::failed);
    EXPECT_EQ(more, "a: b\n\n");
    EXPECT_EQ(decoder.failure().message(), before.message());
}

}  // namespace
}  // namespace framewire::kept_message_tests
