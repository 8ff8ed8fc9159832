#include "framewire/codec/framing.hpp"

#include "every_framing.hpp"
#include "random_bytes.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::round_trip_tests {
namespace {

using tests::framing_of;
using tests::random_bytes;
using tests::read_cut_at;
using tests::read_cut_by;
using tests::read_whole;
using tests::reading;

class round_trip : public testing::TestWithParam<std::string_view> {};

TEST_P(round_trip, of_random_payloads) {
    const auto framing = framing_of(GetParam());
    random_bytes random(1);
    for (int round = 0; round < 100; ++round) {
        std::string stream;
        reading expected;
        for (std::size_t n = random.below(6); n > 0; --n) {
            const auto payload = framing.spec().starts_with("fixed")
                                     ? random.any(16)
                                     : random.any(random.below(60));
            const auto begin = stream.size();
            if (framing.encode(payload, stream)) {
                expected.frames.push_back({payload, begin});
            } else {
                ASSERT_EQ(stream.size(), begin);
            }
        }
        ASSERT_EQ(read_whole(framing.decoder(), stream), expected);
        ASSERT_EQ(read_cut_by(framing.decoder(), bytes(stream).substr(0, 60),
                              random.below(std::size_t{1} << 40)),
                  read_whole(framing.decoder(), bytes(stream).substr(0, 60)));
    }
}

TEST_P(round_trip, of_all_256_bytes_and_of_text_that_looks_like_headers) {
    const auto framing = framing_of(GetParam());
    std::string all;
    for (unsigned value = 0; value < 256; ++value) all += static_cast<char>(value);
    for (std::size_t begin = 0; begin < all.size(); begin += 16) {
        std::string stream;
        const auto payload = all.substr(begin, 16);
        if (!framing.encode(payload, stream)) continue;
        ASSERT_EQ(read_whole(framing.decoder(), stream), (reading{.frames = {{payload, 0}}}));
    }
    std::string stream;
    ASSERT_TRUE(framing.encode("000000000400005 ", stream));
    EXPECT_EQ(read_whole(framing.decoder(), stream),
              (reading{.frames = {{"000000000400005 ", 0}}}));
}

INSTANTIATE_TEST_SUITE_P(framings, round_trip, testing::ValuesIn(tests::every_framing));
INSTANTIATE_TEST_SUITE_P(bounds, round_trip,
                         testing::Values("digits:2", "digits:3,pad=space", "digits:2,max=40",
                                         "u8,max=40", "varint,max=40", "netstring,max=40",
                                         "line,max=40", "mllp,max=40", "lsp,max=40"));

TEST(round_trip, of_every_size_around_every_number_of_digits) {
    for (const char* spec : {"digits:4", "digits:4,pad=space", "digits:4,count=chars"}) {
        const auto framing = framing_of(spec);
        for (const std::size_t size :
             {0U, 1U, 9U, 10U, 11U, 99U, 100U, 101U, 999U, 1000U, 9999U}) {
            const std::string payload(size, 'x');
            std::string stream;
            ASSERT_TRUE(framing.encode(payload, stream));
            ASSERT_EQ(stream.size(), 4 + size);
            ASSERT_EQ(read_whole(framing.decoder(), stream), (reading{.frames = {{payload, 0}}}));
        }
        std::string out;
        EXPECT_FALSE(framing.encode(std::string(10'000, 'x'), out));
        EXPECT_TRUE(out.empty());
    }
}

TEST(round_trip, of_every_size_around_every_size_of_a_header) {
    for (const char* spec : {"u8", "u16be", "u16le", "u24be", "u32le", "u64be", "varint",
                             "netstring", "octet-count", "content-length", "u16be,adjust=-4"}) {
        const auto framing = framing_of(spec);
        for (const std::size_t size : {0U, 1U, 9U, 10U, 99U, 100U, 127U, 128U, 129U, 255U, 256U,
                                       999U, 1000U, 16'383U, 16'384U, 65'535U, 65'536U, 70'000U}) {
            const std::string payload(size, 'x');
            std::string stream;
            if (!framing.encode(payload, stream)) continue;
            ASSERT_EQ(read_whole(framing.decoder(), stream), (reading{.frames = {{payload, 0}}}))
                << spec << ' ' << size;
            ASSERT_EQ(read_cut_at(framing.decoder(), stream, stream.size() - size),
                      (reading{.frames = {{payload, 0}}}))
                << spec << ' ' << size;
        }
    }
}

}  // namespace
}  // namespace framewire::round_trip_tests
