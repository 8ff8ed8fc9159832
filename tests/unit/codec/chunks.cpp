#include "framewire/codec/chunks.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::chunks_tests {
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

TEST(chunks, frames_look_like_this) {
    EXPECT_EQ(encoded("chunks:u16be", "Hello"), "\0\5Hello\0\0"sv);
    EXPECT_EQ(encoded("chunks:u16be", ""), "\0\0"sv);
    EXPECT_EQ(encoded("chunks:u32le", "hi"), "\2\0\0\0hi\0\0\0\0"sv);
    EXPECT_EQ(encoded("chunks:u8", std::string(256, 'x')),
              "\xFF" + std::string(255, 'x') + "\1x\0"s);
    EXPECT_EQ(encoded("chunked", "Hello, you there"), "10\r\nHello, you there\r\n0\r\n\r\n");
    EXPECT_EQ(encoded("chunked", ""), "0\r\n\r\n");
    EXPECT_EQ(encoded("netconf11", "<rpc/>"), "\n#6\n<rpc/>\n##\n");
    EXPECT_EQ(refusal("netconf11", ""), errc::frame_wrong_size);
}

TEST(chunks, of_any_number_are_one_payload) {
    EXPECT_EQ(read("chunks:u16be", "\0\3Hel\0\2lo\0\0\0\0\0\1a\0\0"sv),
              frames({{"Hello", 0}, {"", 11}, {"a", 13}}));
    EXPECT_EQ(read("chunks:u24le", "\3\0\0Hel\2\0\0lo\0\0\0"sv), frames({{"Hello", 0}}));
    // RFC 6242, section 4.2.
    EXPECT_EQ(read("netconf11", "\n#4\n<rpc\n#18\n message-id=\"102\"\n\n##\n"),
              frames({{"<rpc message-id=\"102\"\n", 0}}));
    EXPECT_EQ(read("chunked", "4\r\nWiki\r\n7\r\npedia i\r\nB\r\nn \r\nchunks.\r\n0\r\n\r\n"),
              frames({{"Wikipedia in \r\nchunks.", 0}}));
}

TEST(chunks, extensions_and_trailer_fields_of_http_are_dropped) {
    EXPECT_EQ(read("chunked", "0002;a=\"b\";c\r\nhi\r\n000;d\r\nExpires: x\r\ny:z\r\n w\r\n\r\n"),
              frames({{"hi", 0}}));
    EXPECT_EQ(read("chunked", "1;\ta\r\nx\r\n0\r\n\r\n"), frames({{"x", 0}}));
    EXPECT_EQ(read("chunked", "0\r\n\r\n0\r\n_x: y\r\n\r\n"), frames({{"", 0}, {"", 5}}));
}

// Each of them was read as something else by somebody, between whom requests were smuggled.
TEST(chunks, of_http_are_read_strictly) {
    for (const auto& [stream, wrong] : {std::pair{"0x2\r\n"s, 1U},
                                        {" 2\r\n"s, 0U},
                                        {"2 \r\n"s, 1U},
                                        {"-2\r\n"s, 0U},
                                        {"\r\n"s, 0U},
                                        {";a\r\n"s, 0U},
                                        {"2\n"s, 1U},
                                        {"2;a\n"s, 3U},
                                        {"2;\0"s, 2U},
                                        {"2;a\x7F"s, 3U},
                                        {"2\r2"s, 2U},
                                        {"2\r\nhi!"s, 5U},
                                        {"2\r\nhi\n"s, 5U},
                                        {"2\r\nhi\r2"s, 6U},
                                        {"0\r\n\n"s, 3U},
                                        {"0\r\nGET / HTTP/1.1\r\n"s, 7U},
                                        {"0\r\nContent-Length: 5\r\n"s, 18U},
                                        {"0\r\nTransfer-Encoding: chunked\r\n"s, 20U},
                                        {"00000000000000002\r\n"s, 16U}}) {
        EXPECT_EQ(read("chunked", stream), failure(errc::frame_syntax, wrong)) << stream;
    }
    const auto dropped = [](std::size_t size) {
        return "0;" + std::string(size, 'x') + "\r\n\r\n";
    };
    EXPECT_EQ(tests::read_whole(framing_of("chunked").decoder(), dropped(4096)),
              frames({{"", 0}}));
    EXPECT_EQ(tests::read_whole(framing_of("chunked").decoder(), dropped(4097)),
              failure(errc::frame_syntax, 2 + 4096));
    const auto trailer = [](std::size_t size) {
        return "0\r\na: " + std::string(size - 3, 'x') + "\r\n\r\n";
    };
    EXPECT_EQ(tests::read_whole(framing_of("chunked").decoder(), trailer(4096)),
              frames({{"", 0}}));
    EXPECT_EQ(tests::read_whole(framing_of("chunked").decoder(), trailer(4097)),
              failure(errc::frame_syntax, 3 + 4096));
}

TEST(chunks, of_netconf_are_read_strictly) {
    for (const auto& [stream, wrong] : {std::pair{"#4\n"s, 0U},
                                        {"\n4\n"s, 1U},
                                        {"\n#\n"s, 2U},
                                        {"\n#0\n"s, 2U},
                                        {"\n#4294967296\n"s, 11U},
                                        {"\n#42949672950\n"s, 12U},
                                        {"\n#4\r\n"s, 3U},
                                        {"\n##\n"s, 2U},
                                        {"\n#1#"s, 3U},
                                        {"\n#1\na\n##\r\n"s, 8U},
                                        {"\n#1\na\n#x"s, 7U}}) {
        EXPECT_EQ(read("netconf11", stream), failure(errc::frame_syntax, wrong)) << stream;
    }
}

TEST(chunks, together_are_bounded) {
    EXPECT_EQ(read("chunks:u8,max=4", "\3abc\2de\0"sv), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("chunks:u8,max=4", "\3abc\1d\0"sv), frames({{"abcd", 0}}));
    EXPECT_EQ(
        read("chunked,max=4,oversize=skip", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n1\r\na\r\n0\r\n\r\n"),
        frames({{"", 0, true}, {"a", 20}}));
}

TEST(chunks, one_that_is_alone_is_not_copied) {
    for (const auto* const spec : {"chunks:u16be", "chunked", "netconf11"}) {
        const auto stream = encoded(spec, "Hello");
        auto decoder = framing_of(spec).decoder();
        bytes input = stream;
        const auto found = decoder.next(input);
        EXPECT_TRUE(found.piece.whole()) << spec;
        EXPECT_EQ(found.piece.payload, "Hello");
        EXPECT_TRUE(input.empty());
    }
}

TEST(chunks, of_pieces_are_written_as_they_come) {
    const auto framing = framing_of("chunked");
    std::string out;
    auto frame = framing.begin(unknown_length, out);
    for (const auto* const piece : {"Wiki", "", "pedia"}) {
        EXPECT_TRUE(framing.append(*frame, piece, out));
    }
    EXPECT_TRUE(framing.end(*frame, out));
    EXPECT_EQ(out, "4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n");
}

TEST(chunks, say_what_was_expected_and_what_is_missing) {
    for (const auto& [spec, stream, words] :
         {std::tuple{"chunked", "0x2"s,
                     R"(1: "x2" where a chunk's size in hexadecimal was expected)"},
          {"chunked", "00000000000000002"s,
           R"(16: "2" where the end of 16 hexadecimal digits was expected)"},
          {"chunked", "2\r\nhi\n"s, R"(5: "\n" where "\r\n" after a chunk was expected)"},
          {"chunked", "2;\x01"s, R"(2: "\x01" where the text of an extension was expected)"},
          {"chunked", "2\r "s, R"(2: " " where "\n" was expected)"},
          {"chunked", "0\r\n/"s, R"(3: "/" where a trailer field that is no length was expected)"},
          {"chunked", "0;" + std::string(4097, 'x'),
           R"(4098: "x" after 4096 bytes of extensions and trailer fields)"},
          {"netconf11", "<"s, R"(0: "<" where "\n#" before a chunk was expected)"},
          {"netconf11", "\n<"s, R"(1: "<" where "#" before a chunk's size was expected)"},
          {"netconf11", "\n#0"s,
           R"(2: "0" where a chunk's size, 1 to 4294967295, was expected)"}}) {
        EXPECT_EQ(message(spec, stream), "frame.syntax at " + std::string(words));
    }
    EXPECT_EQ(truncation("chunked", "2\r\nhi\r\n"),
              "frame.truncated at 7: the stream ended after 2 bytes of payload, without "
              "\"0\\r\\n\\r\\n\": \"2\\r\\nhi\\r\\n\"");
    EXPECT_EQ(truncation("chunks:u16be", "\0\2h"s),
              "frame.truncated at 3: the stream ended after 1 bytes of payload, without "
              "\"\\x00\\x00\": \"\\x00\\x02h\"");
}

TEST(chunks, name_a_binary_length) {
    for (const auto* const spec : {"chunks:u8", "chunks:u16le", "chunks:u40be", "chunks:u64le"}) {
        EXPECT_TRUE(framing::parse(spec)) << spec;
    }
    for (const auto* const spec :
         {"chunks", "chunks:", "chunks:u", "chunks:u8be", "chunks:u16", "chunks:u1", "chunks:u6le",
          "chunks:x16be", "chunks:u128be", "chunks:digits:4", "chunked:u8", "netconf11:4"}) {
        EXPECT_FALSE(framing::parse(spec)) << spec;
    }
}

TEST(chunks, their_layout_has_the_size_of_one) {
    const auto layout = framing_of("chunks:u24le").describe();
    EXPECT_EQ(layout.own, grammar::chunks);
    EXPECT_EQ(layout.length->width, 3U);
    EXPECT_TRUE(layout.length->little_endian);
    EXPECT_EQ(framing_of("chunked").describe().own, grammar::chunked);
    EXPECT_EQ(framing_of("netconf11").describe().own, grammar::netconf11);
}

}  // namespace
}  // namespace framewire::chunks_tests
