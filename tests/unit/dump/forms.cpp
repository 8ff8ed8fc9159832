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

TEST(dump_forms, with_words_are_refused_until_their_order_is_known) {
    int words = 0;
    for (auto samples : {hexdump(), od_words()}) {
        for (auto& one : samples) {
            if (!one.options.little_words) continue;
            ++words;
            const auto read = read_dump(one.text);
            ASSERT_FALSE(read) << one.name;
            EXPECT_NE(read.error().message().find("the text does not show whether"),
                      std::string::npos)
                << one.name << ": " << read.error().message();
            EXPECT_NE(read.error().hint.find("--words little"), std::string::npos) << one.name;
            const auto turned = read_dump(one.text, {.little_words = false});
            EXPECT_TRUE(turned) << one.name;
            EXPECT_NE(shown(turned, stream_side::client), quote(client_bytes)) << one.name;
        }
    }
    EXPECT_EQ(words, 10);
}

}  // namespace
}  // namespace framewire::forms_tests
