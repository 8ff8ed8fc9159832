#include "dump/dump.hpp"
#include "dump_samples.hpp"
#include "framewire/core/quote.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace framewire::forms_tests {
namespace {

using namespace tests::dump_samples;
using namespace std::string_literals;

const std::string client_bytes = "\0\0\0\5Hello\0\0\0\14\0000\"\\\xFF\n'\x80\x7F\tAb"s;
const std::string server_bytes = "\0\0\0\2OK"s;

std::string shown(const result<dump>& read, stream_side side) {
    if (!read) return "refused: " + read.error().message();
    std::string all;
    for (const auto& piece : read->pieces) {
        if (piece.from == side) all += piece.data;
    }
    return quote(all);
}

void expect_same(const std::vector<tests::dump_samples::sample>& samples) {
    for (const auto& one : samples) {
        const auto read = read_dump(one.text, one.options);
        EXPECT_EQ(shown(read, stream_side::client), quote(client_bytes)) << one.name;
        const auto server = one.shown == sides::both ? server_bytes : "";
        EXPECT_EQ(shown(read, stream_side::server), quote(server)) << one.name;
        EXPECT_FALSE(read && (read->cut || read->has_packets)) << one.name;
    }
}

TEST(dump_forms, of_xxd_are_read) { expect_same(xxd()); }
TEST(dump_forms, of_hexdump_are_read) { expect_same(hexdump()); }
TEST(dump_forms, of_od_are_read) {
    expect_same(od_bytes());
    expect_same(od_words());
}
TEST(dump_forms, of_wireshark_are_read) {
    expect_same(wireshark());
    expect_same(follow_stream());
}
TEST(dump_forms, of_logs_are_read) {
    expect_same(strace());
    expect_same(tools());
}
TEST(dump_forms, of_languages_are_read) {
    for (const auto& samples :
         {c_and_others(), javascript(), python(), go(), rust(), java_and_csharp()}) {
        expect_same(samples);
    }
}

// The first row and the offset after it: 16 bytes, so that no word is filled with zeros.
std::string first_row(const std::string& text) {
    const auto end = text.find('\n') + 1;
    return text.substr(0, text.find(' ', end)) + "\n";
}

TEST(dump_forms, with_words_are_refused_until_their_order_is_known) {
    int words = 0;
    for (auto samples : {hexdump(), od_words()}) {
        for (auto& one : samples) {
            if (!one.options.little_words) continue;
            ++words;
            const auto row = first_row(one.text);
            const auto read = read_dump(row);
            ASSERT_FALSE(read) << one.name;
            EXPECT_NE(read.error().message().find("the text does not show whether"),
                      std::string::npos)
                << one.name << ": " << read.error().message();
            EXPECT_NE(read.error().hint.find("--words little"), std::string::npos) << one.name;
            EXPECT_EQ(shown(read_dump(row, one.options), stream_side::client),
                      quote(client_bytes.substr(0, 16)))
                << one.name;
            const auto turned = read_dump(row, {.little_words = false});
            EXPECT_TRUE(turned) << one.name;
            EXPECT_NE(shown(turned, stream_side::client), quote(client_bytes.substr(0, 16)));
        }
    }
    EXPECT_EQ(words, 10);
}

TEST(dump_forms, with_words_have_the_order_in_which_zeros_fill_the_last_one) {
    for (const auto& one : od_words()) {
        EXPECT_EQ(shown(read_dump(one.text), stream_side::client), quote(client_bytes))
            << one.name;
    }
}

TEST(dump_forms, of_od_may_be_ambiguous) {
    const auto why = [](std::string_view text) {
        const auto read = read_dump(text);
        return read ? "read" : read.error().message();
    };
    // A byte in octal or decimal digits; a character, or a number; hexdump or od.
    EXPECT_EQ(why("0000000 101\n0000001\n"),
              "line 1, column 9: these may be octal numbers or decimal numbers");
    EXPECT_EQ(why("0000000   0   1\n0000002\n"),
              "line 1, column 11: these may be decimal numbers or characters");
    EXPECT_EQ(why("0000000 000 000 000 000 000 000 000 000\n*\n0000140\n"),
              "line 1, column 1: these offsets may have base 16 or 8, and * stands for more "
              "lines in one than in the other");
    EXPECT_EQ(why("  65\n").substr(0, 16), "line 1, column 3");
    EXPECT_EQ(why(" 00 00\n*\n 41\n").substr(0, 31), "line 2, column 1: * stands for ");
    EXPECT_EQ(why("0000000 nul   A\n0000002\n"),
              "line 1, column 9: od -a leaves out the highest bit of each byte");
}

}  // namespace
}  // namespace framewire::forms_tests
