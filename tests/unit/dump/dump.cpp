#include "dump/dump.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/transcript/transcript.hpp"
#include "random_bytes.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::dump_tests {
namespace {

// The chunks as a transcript would print them, or what is wrong.
std::string read(std::string_view text) {
    const auto found = read_dump(text);
    if (!found) return found.error().message();
    std::string out;
    for (const auto& one : found->pieces) {
        out += (out.empty() ? "" : " | ") + print_bytes(one.data);
    }
    if (found->cut) out += " ...";
    return out;
}

TEST(dump, is_pairs_of_digits_however_divided) {
    for (const auto* text :
         {"30303548650a", "30 30 35 48 65 0a", "30,30,35,48,65,0A", "30:30:35:48:65:0a",
          "3030 3548 650a", "0x30, 0x30, 0x35, 0x48, 0x65, 0xA", "0X30 0x30 0x35 0x48 0x65 0x0a,",
          "0x30303548650a", "\\x30\\x30\\x35\\x48\\x65\\x0a", "  30\t30 \r\n35 48\n\n65\n0a\n"}) {
        EXPECT_EQ(read(text), "\"005He\\n\"") << text;
    }
    EXPECT_EQ(read("# from the log\n30 31\n  # and more\n32"), "\"012\"");
    EXPECT_EQ(read("\xEF\xBB\xBF\x33\x30"), "\"0\"");
}

TEST(dump, is_quoted_text) {
    EXPECT_EQ(read("\"GET / HT\"..."), "\"GET / HT\" ...");
    EXPECT_EQ(read("\"GET / HT\""), "\"GET / HT\"");
    EXPECT_EQ(read(R"("\\\"\n\r\t\x00\xfF")"), R"("\\\"\n\r\t" 00 ff)");
    EXPECT_EQ(read("\"h\xC3\xA9llo\""), "\"h\xC3\xA9llo\"");
    EXPECT_EQ(read("\"ab\" 0d 0a\n\"c\"\"d\"00"), "\"ab\\r\\ncd\" 00");
    EXPECT_EQ(read("0a \"<Buffer of\" 00"), "\"\\n<Buffer of\" 00");
}

TEST(dump, is_what_python_prints_of_bytes) {
    EXPECT_EQ(read(R"(b'it\'s "\x00\n\\')"), R"("it's \"" 00 "\n\\")");
    EXPECT_EQ(read(R"(b"it's")"), "\"it's\"");
    EXPECT_EQ(read("b'0000000005' b'Hello'"), "\"0000000005Hello\"");
    EXPECT_EQ(read("b'h\xC3\xA9'"),
              "line 1, column 4: expected ASCII, as Python writes bytes, "
              "found \"\xC3\xA9'\"");
    EXPECT_EQ(read("b'abc"),
              "line 1, column 6: expected a closing quote, found the end of the "
              "line");
}

TEST(dump, is_a_transcript_whose_lines_are_chunks) {
    const auto found = read_dump(
        "# two chunks\r\n\n  framing digits:4 max=64,  count=chars\n"
        "< 30 30 \"0005He\"\n< \"llo\"\n= frame \"Hello\" at 0\n"
        "> \"0005Hello\"\n@ 5s\n<\n< reset\n< eof\n");
    ASSERT_TRUE(found) << found.error().message();
    ASSERT_EQ(found->pieces.size(), 3U);
    EXPECT_EQ(found->pieces[0].data, "000005He");
    EXPECT_EQ(found->pieces[1].data, "llo");
    EXPECT_EQ(found->pieces[1].from, stream_side::client);
    EXPECT_EQ(found->pieces[2].data, "0005Hello");
    EXPECT_EQ(found->pieces[2].from, stream_side::server);
    EXPECT_EQ(found->framing, "digits:4,max=64,count=chars");
    EXPECT_FALSE(found->cut);
    EXPECT_EQ(read("< 30"), "\"0\"");
    EXPECT_FALSE(read_dump("< 30")->framing);
    EXPECT_EQ(read("> 30"), "\"0\"");
}

TEST(dump, of_a_transcript_has_one_conversation) {
    EXPECT_EQ(read("framing raw\n< 30\nframing raw\n< 31"),
              "line 3, column 1: a second conversation begins here");
    EXPECT_EQ(read("framing raw\n< 30\nconnection 2\n< 31"),
              "line 3, column 1: this belongs to a connection among several");
    EXPECT_EQ(read("< 30\nframewire: hello"),
              "line 2, column 1: expected #, framing, <, >, = or @, as in the lines above, found "
              "\"framewire: hello\"");
    EXPECT_EQ(read("< 30\n  < 3x"),
              "line 2, column 6: expected pairs of hexadecimal digits or "
              "quoted text, found \"x\"");
}

TEST(dump, is_never_joined_where_bytes_were_left_out) {
    EXPECT_EQ(read("< \"abcd\"\n# and 3 more bytes\n= frame \"abcd\" at 0\n# and 3 more bytes\n"),
              "\"abcd\" ...");
    EXPECT_EQ(read("< \"abcd\"\n= frame \"abcd\" at 0\n# and 3 more bytes\n< 30\n"),
              "\"abcd\" | \"0\"");
    EXPECT_EQ(read("< \"abcd\"\n# and 3 more bytes\n< 30"),
              "line 3, column 2: bytes are missing before these: the transcript was cut");
    EXPECT_EQ(read("\"ab\"... \"cd\""),
              "line 1, column 9: bytes are missing here: those before end with ...");
    EXPECT_EQ(read("\"ab\"...\n30"),
              "line 2, column 1: bytes are missing here: those before end with ...");
}

TEST(dump, says_where_it_is_wrong_and_what_was_expected) {
    constexpr std::string_view expected = "expected pairs of hexadecimal digits or quoted text";
    EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\n"),
              std::string("line 1, column 1: ").append(expected) + ", found \"GET / HTTP/1.1\"");
    EXPECT_EQ(read("30\n31 3g"),
              std::string("line 2, column 5: ").append(expected) + ", found \"g\"");
    EXPECT_EQ(read("\"\xC3\xA9\xC3\xA9\" x"),
              std::string("line 1, column 6: ").append(expected) + ", found \"x\"");
    EXPECT_EQ(read("30 313"),
              "line 1, column 4: expected an even number of hexadecimal digits, found \"313\"");
    EXPECT_EQ(read("0xg"),
              "line 1, column 3: expected one or two hexadecimal digits, found \"g\"");
    EXPECT_EQ(read("0x30h"), "line 1, column 5: expected a space or a comma, found \"h\"");
    EXPECT_EQ(read("\"ab"),
              "line 1, column 4: expected a closing double quote, found the end of "
              "the line");
    for (const auto* escape : {"\\q", "\\x1", "\\x", "\\8", "\\x1g"}) {
        EXPECT_TRUE(
            read(std::string("\"a") + escape + "\"")
                .starts_with(
                    R"(line 1, column 3: expected \\ \" \' \n \r \t, \xNN or an octal number, )"))
            << escape;
    }
    EXPECT_FALSE(read_dump("30 zz").error().hint.empty());
}

TEST(dump, is_refused_where_it_can_be_read_in_two_ways) {
    for (const auto* text : {"000000 30 31 32", "0010 30", "00000000  30 31", "3030  31 32"}) {
        EXPECT_EQ(read(text), "line 1, column 1: these digits may be an offset, or bytes") << text;
    }
    EXPECT_EQ(read("0x3035, 0x3036"),
              "line 1, column 9: one long number cannot be followed by other bytes");
    EXPECT_EQ(read("0x30 0x3536"),
              "line 1, column 6: expected 0x with one or two digits, found "
              "\"0x3536\"");
    EXPECT_EQ(read("0x303"),
              "line 1, column 1: expected 0x with one or two digits, found "
              "\"0x303\"");
}

TEST(dump, has_bytes) {
    for (const auto* text : {"", "\n \n", "# nothing\n"}) {
        EXPECT_EQ(read(text), "there are no bytes: the text is empty");
    }
    EXPECT_EQ(read("\"\""), "there are no bytes in the text");
    EXPECT_EQ(read("< eof"), "there are no bytes: no line begins with < or >");
}

TEST(dump, reads_what_is_printed) {
    tests::random_bytes random(5);
    for (int i = 0; i < 2000; ++i) {
        const auto size = 1 + random.below(40);
        const auto input = i % 2 == 0 ? random.any(size) : random.hostile(size);
        for (const auto& text :
             {print_bytes(input), "< " + print_bytes(input), quote(input), hex(input)}) {
            const auto found = read_dump(text);
            ASSERT_TRUE(found) << text << '\n' << found.error().message();
            ASSERT_EQ(found->pieces.size(), 1U) << text;
            EXPECT_EQ(found->pieces[0].data, input) << text;
            EXPECT_FALSE(found->cut);
        }
    }
}

}  // namespace
}  // namespace framewire::dump_tests
