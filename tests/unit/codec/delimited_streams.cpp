// Every short stream over the bytes that matter, every bound near its size, cut in two anywhere
// and byte by byte, against an oracle that searches in strings.

#include "framewire/codec/framing.hpp"

#include "delimited_oracle.hpp"
#include "random_bytes.hpp"
#include "readings.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <string>

namespace framewire::delimited_streams_tests {
namespace {

using tests::delimited_oracle;
using tests::framing_of;
using tests::random_bytes;
using tests::read_byte_by_byte;
using tests::read_cut_at;
using tests::read_cut_by;
using tests::read_whole;

struct framing_case {
    const char* spec;
    delimited_oracle oracle;
    std::string bytes_that_matter;
    std::size_t size_max;
};

void PrintTo(const framing_case& row, std::ostream* out) { *out << row.spec; }

class delimited_streams : public testing::TestWithParam<framing_case> {
protected:
    void expect_the_same(const std::string& stream, std::uint64_t most, bool skip) {
        auto oracle = GetParam().oracle;
        oracle.payload_bytes_max = most;
        oracle.skip = skip;
        const auto expected = oracle.read(stream);
        const auto decoder = (skip ? skipping_ : closing_).decoder(most);
        ASSERT_EQ(read_whole(decoder, stream), expected) << testing::PrintToString(stream);
        ASSERT_EQ(read_byte_by_byte(decoder, stream), expected) << testing::PrintToString(stream);
        for (std::size_t cut = 1; cut < stream.size(); ++cut) {
            ASSERT_EQ(read_cut_at(decoder, stream, cut), expected)
                << testing::PrintToString(stream) << " cut at " << cut;
        }
    }

    framing closing_ = framing_of(GetParam().spec);
    framing skipping_ = framing_of(std::string(GetParam().spec) + ",oversize=skip");
};

TEST_P(delimited_streams, every_short_one_with_every_small_bound) {
    const auto& letters = GetParam().bytes_that_matter;
    std::string stream;
    for (std::size_t size = 1; size <= GetParam().size_max; ++size) {
        std::size_t count = 1;
        for (std::size_t i = 0; i < size; ++i) count *= letters.size();
        for (std::size_t number = 0; number < count; ++number) {
            stream.clear();
            for (auto rest = number; stream.size() < size; rest /= letters.size()) {
                stream += letters[rest % letters.size()];
            }
            for (const std::uint64_t most : {0U, 1U, 2U, 100U}) {
                ASSERT_NO_FATAL_FAILURE(expect_the_same(stream, most, false)) << most;
                ASSERT_NO_FATAL_FAILURE(expect_the_same(stream, most, true)) << most;
            }
        }
    }
}

TEST_P(delimited_streams, long_ones_cut_anyhow) {
    random_bytes random(3);
    for (int round = 0; round < 300; ++round) {
        std::string stream;
        for (auto size = 1 + random.below(50); stream.size() < size;) {
            stream += random.one_of(GetParam().bytes_that_matter);
            if (random.below(4) == 0) stream += GetParam().oracle.mark + GetParam().oracle.lead;
        }
        auto oracle = GetParam().oracle;
        oracle.payload_bytes_max = random.below(8);
        oracle.skip = random.below(4) > 0;
        const auto expected = oracle.read(stream);
        const auto decoder =
            (oracle.skip ? skipping_ : closing_).decoder(oracle.payload_bytes_max);
        for (int cuts = 0; cuts < 10; ++cuts) {
            ASSERT_EQ(read_cut_by(decoder, stream,
                                  random.below(std::size_t{1} << 32) << 32 |
                                      random.below(std::size_t{1} << 32)),
                      expected)
                << testing::PrintToString(stream);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    framings, delimited_streams,
    testing::Values(framing_case{"line", {.mark = "\n", .drops_return = true}, "a\r\n", 6},
                    framing_case{"mllp",
                                 {.mark = "\x1C\r", .lead = "\x0B", .strict = true},
                                 "\x0B\x1C\r"
                                 "a",
                                 5},
                    framing_case{R"(delimiter:\x03)", {.mark = "\x03"}, "a\x03", 7},
                    framing_case{R"(delimiter:\r\n)", {.mark = "\r\n"}, "a\r\n", 6},
                    framing_case{"delimiter:aa", {.mark = "aa"}, "ab", 8},
                    framing_case{"delimiter:aab", {.mark = "aab"}, "ab", 8},
                    framing_case{"delimiter:abab", {.mark = "abab"}, "ab", 8},
                    framing_case{"delimiter:aabaaa", {.mark = "aabaaa"}, "ab", 9}));

}  // namespace
}  // namespace framewire::delimited_streams_tests
