#include "framewire/codec/detail/diagnosis.hpp"

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::diagnosis_tests {
namespace {

TEST(looks_like, recognises_what_others_speak) {
    for (const char* method : {"GET / HTTP/1.1\r\n", "POST /x", "PUT /x", "HEAD /", "DELETE /",
                               "PATCH /", "OPTIONS *", "TRACE /", "CONNECT a:1"}) {
        EXPECT_EQ(looks_like_protocol(method), "looks like an HTTP request") << method;
    }
    EXPECT_EQ(looks_like_protocol("HTTP/1.1 400"), "looks like an HTTP response");
    EXPECT_EQ(looks_like_protocol("SSH-2.0-OpenSSH_9.2"), "looks like an SSH banner");
    EXPECT_EQ(looks_like_protocol(bytes("\x16\x03\x01\x02\x00\x01", 6)),
              "looks like a TLS ClientHello");
    EXPECT_EQ(looks_like_protocol(bytes("\x15\x03\x03\x00\x02", 5)), "looks like a TLS alert");
    EXPECT_EQ(looks_like_protocol(bytes("\x16\x03\x01\x02", 4)), "looks like a TLS ClientHello");
    for (const bytes no_tls :
         {bytes("\x16\x03\x01\x02\x00\x02", 6), bytes("\x16\x03\x05\x02\x00\x01", 6),
          bytes("\x16\x04\x01\x02\x00\x01", 6), bytes("\x15\x03\x03\x01\x02", 5),
          bytes("\x17\x03\x03\x00\x02", 5)}) {
        EXPECT_EQ(looks_like_protocol(no_tls), "") << testing::PrintToString(std::string(no_tls));
    }
    for (const char* request : {"INVITE sip:a@example.org SIP/2.0", "REGISTER sips:example.org"}) {
        EXPECT_EQ(looks_like_protocol(request), "looks like a SIP request") << request;
    }
    for (const char* request :
         {"DESCRIBE rtsp://a/b RTSP/1.0", "SETUP rtsps://a/b RTSP/1.0", "OPTIONS * RTSP/1.0"}) {
        EXPECT_EQ(looks_like_protocol(request), "looks like an RTSP request") << request;
    }
    for (const char* greeting : {"220 mail.example.org ESMTP", "220-Welcome"}) {
        EXPECT_EQ(looks_like_protocol(greeting),
                  "looks like the greeting of an SMTP or FTP server");
    }
    EXPECT_EQ(looks_like_protocol(bytes("\0\0\0\x54\xFFSMBr", 9)), "looks like SMB");
    EXPECT_EQ(looks_like_protocol(bytes("\0\0\0\x54\xFESMB@", 9)), "looks like SMB");
}

TEST(looks_like, recognises_what_is_no_protocol_at_all) {
    EXPECT_EQ(looks_like_protocol(bytes("\0\0\0\0\0\0", 6)), "nothing but zero bytes");
    EXPECT_EQ(looks_like_protocol("\xFF\xFF\xFF\xFF"), "nothing but 0xff bytes");
    EXPECT_EQ(looks_like_text("Hello there"), "looks like text without a header");
    EXPECT_EQ(looks_like_text("h\xC3\xA9llo"), "looks like text without a header");
    EXPECT_EQ(looks_like_text("{\"id\":1}"), "looks like text without a header");
    for (const bytes binary : {bytes("\0\0\0\5Hello", 9), bytes("\0\5Hello", 7),
                               bytes("\5\0\0\0Hello", 9), bytes("\0\0\1\0", 4)}) {
        EXPECT_TRUE(looks_like_binary_length(binary));
    }
    for (const char* decimal : {"0000000005Hello", "0256", "5:hello,"}) {
        EXPECT_TRUE(looks_like_decimal_length(decimal));
    }
}

TEST(looks_like, says_nothing_where_it_does_not_know) {
    for (const char* text : {"", "GET", "0000+5", "+5Hello", "12345"}) {
        EXPECT_EQ(looks_like_protocol(text), "");
        EXPECT_FALSE(looks_like_binary_length(text));
        EXPECT_EQ(looks_like_text(text), "");
    }
    EXPECT_FALSE(looks_like_binary_length("ab\1cd"));
    EXPECT_FALSE(looks_like_decimal_length("12ab"));
    EXPECT_FALSE(looks_like_decimal_length("Hello"));
}

TEST(looks_like, is_said_with_the_error) {
    tests::stream_reader reader(tests::framing_of("digits:10").decoder());
    reader.feed("GET / HTTP/1.1\r\nHost: example.org\r\n");
    EXPECT_EQ(
        reader.decoder().failure().message(),
        "frame.syntax at 0: \"GET / HTTP/1.1\\r\\nHost: example.or\" where 10 bytes of decimal "
        "digits were expected; looks like an HTTP request");
}

TEST(looks_like, knows_headers_that_begin_a_protocol) {
    using namespace std::string_view_literals;
    for (const auto header : {"GET "sv, "OPTI"sv, "POST /log"sv, "HTTP"sv, "SSH-2.0-"sv,
                              "\x16\3\1\2"sv, "MOVE sip:a"sv}) {
        EXPECT_TRUE(begins_protocol(header)) << testing::PrintToString(header);
    }
    for (const auto header : {""sv, "GET"sv, "\0\0\0\0"sv, "GOT "sv, "\x16\3\5\2"sv}) {
        EXPECT_FALSE(begins_protocol(header)) << testing::PrintToString(header);
    }
}

}  // namespace
}  // namespace framewire::diagnosis_tests
