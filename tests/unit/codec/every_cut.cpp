// All ways to cut the shortest stream of two frames that have a payload, for every framing.

#include "framewire/codec/framing_table.hpp"

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <ostream>
#include <sstream>
#include <string>

namespace framewire {
namespace {

using tests::framing_of;
using tests::read_cut_by;
using tests::reading;

struct two_frames {
    const char* spec;
    const char* first = "a";
    const char* second = "b";
    // Where a stream of more than 20 bytes tells most.
    std::size_t cuts_begin = 0;
};

void PrintTo(const two_frames& row, std::ostream* out) { *out << row.spec; }

const two_frames rows[] = {
    {"digits:1"},
    {"digits:4,pad=space"},
    {"digits:2,count=chars", "\xE2\x82\xAC", "\xC3\xA9"},
    {"fixed:2", "ab", "cd"},
    {"u8"},
    {"u16be"},
    {"u16le"},
    {"u24be"},
    {"u24le"},
    {"u32be"},
    {"u32le"},
    {"u64be"},
    {"u64le"},
    {"u8,trailer=2"},
    {"u16be,offset=1,adjust=-2,trailer=1"},
    {"u8,magic=u8,adjust=+1"},
    {"tpkt"},
    {"varint"},
    {"netstring"},
    {"octet-count"},
    {"line"},
    {"line", "a\rb", "\rc"},
    {R"(delimiter:\x03)"},
    {R"(delimiter:\r\n)"},
    {R"(delimiter:\r\n)", "\r", "\n"},
    {"delimiter:aab", "a", "ba"},
    {"delimiter:abab"},
    {"mllp"},
    {"mllp", "\x1C", "\r"},
    {"content-length", "a", "b", 14},
    {"u8,trailer=2,max=0,oversize=skip"},
    {"varint,max=0,oversize=skip"},
    {"netstring,max=0,oversize=skip"},
    {"octet-count,max=0,oversize=skip"},
    {"line,max=0,oversize=skip", "\r.", "\rc"},
    {"delimiter:aab,max=0,oversize=skip", "a", "ba"},
    {"mllp,max=0,oversize=skip", "\x1C", "\r"},
};

class every_cut : public testing::TestWithParam<two_frames> {};

TEST_P(every_cut, says_the_same) {
    const std::string spec = GetParam().spec;
    const auto sender = framing_of(spec.substr(0, spec.find(",max=")));
    std::string stream;
    ASSERT_TRUE(sender.encode(GetParam().first, stream));
    const auto second = stream.size();
    ASSERT_TRUE(sender.encode(GetParam().second, stream));
    const auto framing = framing_of(spec);
    const bool skips = framing.payload_bytes_max() == 0;
    const reading expected{.frames = {{skips ? "" : GetParam().first, 0, skips},
                                      {skips ? "" : GetParam().second, second, skips}}};
    const auto begin = GetParam().cuts_begin;
    const auto size = std::min<std::size_t>(stream.size() - begin, 20);
    ASSERT_TRUE(begin == 0 ? size == stream.size() : size == 20);
    for (std::size_t cuts = 0; cuts < std::size_t{1} << (size - 1); ++cuts) {
        ASSERT_EQ(read_cut_by(framing.decoder(), stream, cuts << begin), expected) << cuts;
    }
}

INSTANTIATE_TEST_SUITE_P(framings, every_cut, testing::ValuesIn(rows));

TEST(every_cut, is_tried_with_every_framing_that_has_borders) {
    for (const auto& row : framing_table()) {
        std::istringstream names{std::string(row.names)};
        for (std::string name; names >> name;) {
            if (name == "raw") continue;
            EXPECT_TRUE(std::ranges::any_of(rows, [&](const auto& one) {
                return std::string(one.spec).starts_with(name);
            })) << name;
        }
    }
}

}  // namespace
}  // namespace framewire
