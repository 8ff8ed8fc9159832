// All ways to cut the shortest stream of two frames that have a payload, for every framing. Of a
// long stream, all ways to cut a part of it, for every part.

#include "framewire/codec/framing.hpp"

#include "specs.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace framewire::every_cut_tests {
namespace {

using tests::framing_of;
using tests::read_cut_by;
using tests::reading;

struct two_frames {
    std::string spec;
    std::string first = "a";
    std::string second = "b";
};

void PrintTo(const two_frames& row, std::ostream* out) { *out << row.spec; }

// Payloads that are hard to tell from the framing around them.
const two_frames telling[] = {
    {"digits:2,count=chars", "\xE2\x82\xAC", "\xC3\xA9"},
    {"fixed:2", "ab", "cd"},
    {"line", "a\rb", "\rc"},
    {R"(delimiter:\r\n)", "\r", "\n"},
    {"delimiter:aab", "a", "ba"},
    {"mllp", "\r", "\r\r"},
    {"dot", ".\r\n", "\r\n"},
    {"dot,eol=lf", ".\n", "\r\n"},
    {"cobs", std::string("\0a", 2), std::string("\0\0", 2)},
    {"slip", "\xC0\xDB", "\xDD"},
    {"hdlc", "}", "~^"},
    {"jt808", "}", "~\x02"},
    {"tn3270", "\xFF\xEF", ""},
    {"between:<<..>>,trailer=1", "<", "a<"},
    {"line,max=0,oversize=skip", "\r.", "\rc"},
    {"delimiter:aab,max=0,oversize=skip", "a", "ba"},
    {"mllp,max=0,oversize=skip", "\r", "\r\r"},
};

// A state has to survive a few cuts near each other, so that the parts overlap. The rest of the
// stream is whole, or in bytes.
constexpr std::size_t part_bytes = 11;
constexpr std::size_t part_step = 5;

framing sender_of(const two_frames& row) {
    return framing_of(row.spec.substr(0, row.spec.find(",max=")));
}

std::vector<two_frames> rows() {
    std::vector<two_frames> made;
    for (const auto spec : tests::specs_for<tests::count_specs("cuts")>("cuts")) {
        const two_frames plain{std::string(spec)};
        std::string stream;
        if (sender_of(plain).encode(plain.first, stream)) made.push_back(plain);
        for (const auto& row : telling) {
            if (row.spec == spec) made.push_back(row);
        }
    }
    return made;
}

class every_cut : public testing::TestWithParam<two_frames> {};

TEST_P(every_cut, says_the_same) {
    const auto& [spec, first, second] = GetParam();
    const auto sender = sender_of(GetParam());
    std::string stream;
    ASSERT_TRUE(sender.encode(first, stream));
    const auto border = stream.size();
    ASSERT_TRUE(sender.encode(second, stream));
    const auto framing = framing_of(spec);
    const bool skips = framing.payload_bytes_max() == 0;
    const reading expected{
        .frames = {{skips ? "" : first, 0, skips}, {skips ? "" : second, border, skips}}};
    const auto decoder = framing.decoder();
    for (std::size_t begin = 0; begin < stream.size(); begin += part_step) {
        const auto size = std::min(stream.size() - begin, part_bytes);
        const auto all = (std::size_t{1} << (size - 1)) - 1;
        for (const bool cut_elsewhere : {false, true}) {
            const auto others = cut_elsewhere ? ~(all << begin) : 0;
            for (std::size_t cuts = 0; cuts <= all; ++cuts) {
                ASSERT_EQ(read_cut_by(decoder, stream, cuts << begin | others), expected)
                    << cuts << " from byte " << begin << ", others " << cut_elsewhere;
            }
        }
        if (begin + size == stream.size()) break;
    }
}

INSTANTIATE_TEST_SUITE_P(framings, every_cut, testing::ValuesIn(rows()));

}  // namespace
}  // namespace framewire::every_cut_tests
