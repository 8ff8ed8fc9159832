#include "framewire/transcript/transcript.hpp"

#include "random_bytes.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <ostream>
#include <string>
#include <vector>

namespace framewire::transcript_tests {
namespace {

using namespace std::chrono_literals;
using kind = transcript_line::kind;

TEST(transcript, reads_every_kind_of_line) {
    const auto parsed = transcript::parse(
        "# what it shows\n"
        "framing digits:10 max=64\n"
        "\n"
        "< 30 30 30 \"0000005He\"\n"
        "> \"0000000005Hello\"\n"
        "= frame \"Hello\" at 0\n"
        "@ 5s\n"
        "< eof\n"
        "  <  reset  \n");
    ASSERT_TRUE(parsed) << parsed.error().message();
    EXPECT_EQ(parsed->framing.spec(), "digits:10,max=64");
    ASSERT_EQ(parsed->lines.size(), 7U);
    const auto expect = [&](std::size_t i, kind what, const std::string& text,
                            std::size_t number) {
        EXPECT_EQ(parsed->lines[i].what, what) << i;
        EXPECT_EQ(parsed->lines[i].text, text) << i;
        EXPECT_EQ(parsed->lines[i].number, number) << i;
    };
    expect(0, kind::comment, "what it shows", 1);
    expect(1, kind::from_peer, "0000000005He", 4);
    expect(2, kind::to_peer, "0000000005Hello", 5);
    expect(3, kind::event, "frame \"Hello\" at 0", 6);
    expect(4, kind::clock, "", 7);
    EXPECT_EQ(parsed->lines[4].elapsed, 5s);
    expect(5, kind::eof, "", 8);
    expect(6, kind::reset, "", 9);
}

TEST(transcript, reads_what_the_other_end_did) {
    const auto read = transcript::parse(
        "framing u8,reply=digits:2\n"
        "> \"02hi\"\n"
        "=> frame \"hi\" at 0\n"
        "> gap 12\n"
        "> eof\n"
        "> reset\n"
        "< gap 3\n");
    ASSERT_TRUE(read) << read.error().message();
    using kind = transcript_line::kind;
    const auto& lines = read->lines;
    ASSERT_EQ(lines.size(), 6U);
    EXPECT_EQ(lines[1].what, kind::event);
    EXPECT_EQ(lines[1].text, "frame \"hi\" at 0");
    EXPECT_EQ(lines[2].what, kind::gap);
    EXPECT_EQ(lines[2].missing, 12U);
    EXPECT_EQ(lines[3].what, kind::eof);
    EXPECT_EQ(lines[4].what, kind::reset);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(way_of(lines[i]), direction::sent) << i;
    EXPECT_EQ(lines[5].missing, 3U);
    EXPECT_EQ(way_of(lines[5]), direction::received);
}

TEST(transcript, turns_round) {
    const auto read = transcript::parse(
        "framing u8,reply=digits:2\n"
        "# words\n"
        "< 02 \"hi\"\n"
        "= frame \"hi\" at 0\n"
        "@ 1s\n"
        "> \"02ho\"\n"
        "=> frame \"ho\" at 0\n"
        "framing line\n"
        "> eof\n");
    ASSERT_TRUE(read) << read.error().message();
    using kind = transcript_line::kind;
    const auto turned = read->reversed();
    EXPECT_EQ(turned.framing.spec(), "digits:2,reply=u8");
    std::vector<kind> kinds;
    for (const auto& line : turned.lines) kinds.push_back(line.what);
    EXPECT_EQ(kinds, (std::vector{kind::comment, kind::to_peer, kind::event, kind::from_peer,
                                  kind::event, kind::framing, kind::eof}));
    EXPECT_EQ(turned.lines[2].way, direction::sent);
    EXPECT_EQ(turned.lines[4].way, direction::received);
    EXPECT_EQ(turned.lines[6].way, direction::received);
    EXPECT_EQ(turned.lines[3].text, "02ho");
}

TEST(transcript, joins_the_options_of_its_framing) {
    const auto spec = [](const std::string& line) {
        const auto parsed = transcript::parse(line);
        return parsed ? parsed->framing.spec() : parsed.error().message();
    };
    EXPECT_EQ(spec("framing digits:10"), "digits:10");
    EXPECT_EQ(spec("framing digits:10,pad=space max=64"), "digits:10,pad=space,max=64");
    EXPECT_EQ(spec("framing  digits:10  pad=space\tmax=64 "), "digits:10,pad=space,max=64");
    EXPECT_EQ(spec("framing digits:10, max=64"), "digits:10,max=64");
}

TEST(transcript, ends_with_or_without_a_line_end_and_with_either_kind) {
    for (const char* text : {"framing raw\n< \"a\"", "framing raw\n< \"a\"\n",
                             "framing raw\r\n< \"a\"\r\n", "\n\nframing raw\n\n< \"a\"\n\n"}) {
        const auto parsed = transcript::parse(text);
        ASSERT_TRUE(parsed) << parsed.error().message();
        ASSERT_EQ(parsed->lines.size(), 1U);
        EXPECT_EQ(parsed->lines[0].text, "a");
    }
}

struct refusal {
    const char* text;
    const char* message;
};

void PrintTo(const refusal& row, std::ostream* out) {
    *out << testing::PrintToString(std::string(row.text));
}

class refused_transcripts : public testing::TestWithParam<refusal> {};

TEST_P(refused_transcripts, name_the_line_and_what_is_wrong) {
    const auto parsed = transcript::parse(GetParam().text);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().message(), GetParam().message);
}

constexpr const char* no_bytes = "line 2: expected pairs of hexadecimal digits and quoted text";

INSTANTIATE_TEST_SUITE_P(
    lines, refused_transcripts,
    testing::Values(
        refusal{"# only a comment\n", "line 1: expected framing SPEC"},
        refusal{"# one\n< 30\n", "line 2: expected framing SPEC first"},
        refusal{"= finished\nframing raw\n", "line 1: expected framing SPEC first"},
        refusal{"framing raw\n# two\nframing rew\n", "line 3: unknown framing \"rew\""},
        refusal{"framing raw\n* hello\n", "line 2: expected #, framing, connection, <, >, = or @"},
        refusal{"framing raw\nframings\n",
                "line 2: expected #, framing, connection, <, >, = or @"},
        refusal{"framing\n", "line 1: expected #, framing, connection, <, >, = or @"},
        refusal{"\nframing digits:0\n",
                "line 2: framing \"digits:0\": expected a width from 1 to 255, found \"0\""},
        refusal{"framing raw\n\n@ soon\n",
                "line 3: 'soon' is not a duration such as 200ms, 5s or 1m30s"},
        refusal{"framing raw\n@ -5s\n",
                "line 2: '-5s' is not a duration such as 200ms, 5s or 1m30s"}));

INSTANTIATE_TEST_SUITE_P(
    bytes, refused_transcripts,
    testing::Values(
        refusal{"framing raw\n< 3\n", no_bytes}, refusal{"framing raw\n< 3g\n", no_bytes},
        refusal{"framing raw\n< 0x30\n", no_bytes}, refusal{"framing raw\n< -1\n", no_bytes},
        refusal{"framing raw\n< +1\n", no_bytes}, refusal{"framing raw\n< 303\n", no_bytes},
        refusal{"framing raw\n> Hello\n", no_bytes}, refusal{"framing raw\n> end\n", no_bytes},
        refusal{"framing raw\n< EOF\n", no_bytes}, refusal{"framing raw\n< \"\n", no_bytes},
        refusal{"framing raw\n< \"abc\n", no_bytes},
        refusal{"framing raw\n< \"abc\\\"\n", no_bytes},
        refusal{"framing raw\n< \"\\\n", no_bytes}, refusal{"framing raw\n< \"\\a\"\n", no_bytes},
        refusal{"framing raw\n< \"\\0\"\n", no_bytes},
        refusal{"framing raw\n< \"\\x\"\n", no_bytes},
        refusal{"framing raw\n< \"\\x1\"\n", no_bytes},
        refusal{"framing raw\n< \"\\x1g\"\n", no_bytes},
        refusal{"framing raw\n< \"\\x-1\"\n", no_bytes},
        refusal{"framing raw\n< \"\\x\n", no_bytes}));

std::string bytes_of(const std::string& written) {
    const auto parsed = transcript::parse("framing raw\n< " + written + "\n");
    EXPECT_TRUE(parsed) << written << ": " << parsed.error().message();
    return parsed && parsed->lines.size() == 1 ? parsed->lines[0].text : "refused";
}

TEST(transcript, reads_hexadecimal_pairs_and_quoted_text_in_any_order) {
    EXPECT_EQ(bytes_of("30 31 32"), "012");
    EXPECT_EQ(bytes_of("303132"), "012");
    EXPECT_EQ(bytes_of("fF 00 0d"), std::string("\xFF\0\r", 3));
    EXPECT_EQ(bytes_of("30 \"12\" 33 \"\" \"45\""), "012345");
    EXPECT_EQ(bytes_of("\"a\"\"b\"63"), "abc");
    EXPECT_EQ(bytes_of("\"  two blanks  \""), "  two blanks  ");
    EXPECT_EQ(bytes_of("\"# no comment\""), "# no comment");
    EXPECT_EQ(bytes_of("\"h\xC3\xA9llo\""), "h\xC3\xA9llo");
    EXPECT_EQ(bytes_of(""), "");
}

TEST(transcript, reads_every_escape) {
    EXPECT_EQ(bytes_of(R"("\n\r\t\"\\")"), "\n\r\t\"\\");
    EXPECT_EQ(bytes_of(R"("\x41\x00\xfF\x7f")"), std::string("A\0\xFF\x7F", 4));
    EXPECT_EQ(bytes_of(R"("\\n\\x41")"), "\\n\\x41");
    EXPECT_EQ(bytes_of(R"("\x4142")"), "A42");
}

TEST(print_bytes, quotes_text_and_writes_the_rest_in_pairs) {
    EXPECT_EQ(print_bytes(""), "");
    EXPECT_EQ(print_bytes("Hello"), "\"Hello\"");
    EXPECT_EQ(print_bytes("say \"hi\"\\\r\n\t"), R"("say \"hi\"\\\r\n\t")");
    EXPECT_EQ(print_bytes("h\xC3\xA9llo"), "\"h\xC3\xA9llo\"");
    EXPECT_EQ(print_bytes(bytes("\0\x1b[2J\xFF", 6)), "00 1b \"[2J\" ff");
    EXPECT_EQ(print_bytes("a\xC2\x9B"
                          "b"),
              "\"a\" c2 9b \"b\"");
    EXPECT_EQ(print_bytes("\xC3"), "c3");
    EXPECT_EQ(print_bytes("\xC3\xC3\xA9"), "c3 \"\xC3\xA9\"");
    EXPECT_EQ(print_bytes("\x7F"), "7f");
}

TEST(print_bytes, is_read_back_as_it_was) {
    tests::random_bytes random(6);
    for (int round = 0; round < 1000; ++round) {
        const auto size = random.below(64);
        const auto text = round % 2 == 0 ? random.any(size) : random.hostile(size);
        ASSERT_EQ(bytes_of(print_bytes(text)), text) << print_bytes(text);
    }
    for (unsigned first = 0; first < 256; ++first) {
        for (unsigned second = 0; second < 256; ++second) {
            const std::string text{static_cast<char>(first), static_cast<char>(second)};
            const auto written = print_bytes(text);
            ASSERT_EQ(written.find('\n'), std::string::npos);
            ASSERT_EQ(bytes_of(written), text) << written;
        }
    }
}

}  // namespace
}  // namespace framewire::transcript_tests
