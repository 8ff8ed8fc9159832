#include "dissection.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire::dissector_failures_tests {
namespace {

using stage = frame_anatomy::stage;
using tests::dissect_every_way;
using tests::framing_of;
using tests::parts;

// A stream whose last frame fails: with what, and what its parts are up to the byte that shows it.
struct row {
    std::string_view spec;
    std::string_view stream;
    errc error;
    std::uint64_t offset;
    std::uint64_t header;
    std::uint64_t payload;
    std::uint64_t trailer;
};

using namespace std::string_view_literals;

class failures : public testing::TestWithParam<row> {};

TEST_P(failures, end_with_the_byte_that_shows_them) {
    const auto& [spec, stream, error, offset, header, payload, trailer] = GetParam();
    const auto found = dissect_every_way(framing_of(spec), stream);
    ASSERT_EQ(found.error, error) << spec;
    EXPECT_EQ(found.error_offset, offset) << spec;
    const auto& last = found.frames.back();
    EXPECT_EQ(last.reached, stage::failed) << spec;
    EXPECT_EQ(last.header_bytes, header) << spec;
    EXPECT_EQ(last.payload_bytes, payload) << spec;
    EXPECT_EQ(last.trailer_bytes, trailer) << spec;
}

INSTANTIATE_TEST_SUITE_P(
    dissector, failures,
    testing::Values(row{"digits:10", "GET / HTTP/1.1", errc::frame_syntax, 0, 1, 0, 0},
                    row{"digits:10", "00000x", errc::frame_length_syntax, 5, 6, 0, 0},
                    row{"digits:2", "02hi+1", errc::frame_length_syntax, 4, 1, 0, 0},
                    row{"digits:2,max=4", "05Hello", errc::frame_too_large, 0, 2, 0, 0},
                    row{"digits:2,count=chars", "03h\xFF\xFF", errc::frame_utf8, 3, 2, 2, 0},
                    row{"digits:2,count=chars,max=3", "03h\xC3\xA9xx", errc::frame_too_large, 0, 2,
                        4, 0},
                    row{"u32be,adjust=-4", "\0\0\0\2ab"sv, errc::frame_length_syntax, 0, 4, 0, 0},
                    row{"u8,magic=AB", "AX", errc::frame_syntax, 1, 2, 0, 0},
                    row{"varint", "\x80\x00"sv, errc::frame_length_syntax, 1, 2, 0, 0},
                    row{"netstring", "2:hi,3:abcx", errc::frame_syntax, 10, 2, 3, 1},
                    row{"octet-count", "2x", errc::frame_length_syntax, 1, 2, 0, 0},
                    row{"content-length", "a: b\r\n\r\n", errc::frame_length_syntax, 6, 7, 0, 0},
                    row{"fixed:8,max=4", "abcdefgh", errc::frame_too_large, 0, 0, 1, 0},
                    row{"mllp", "x", errc::frame_syntax, 0, 1, 0, 0},
                    row{"mllp,max=2",
                        "\x0B"
                        "abcd",
                        errc::frame_too_large, 0, 1, 3, 0},
                    row{"line,max=2", "ab\rc\n", errc::frame_too_large, 0, 0, 4, 0},
                    row{"delimiter:aab,max=2", "aaaaa", errc::frame_too_large, 0, 0, 3, 2}));

// What is discarded is measured like everything else.
struct discarded {
    std::string_view spec;
    std::string_view stream;
    parts first;
};

class discarding : public testing::TestWithParam<discarded> {};

TEST_P(discarding, keeps_the_parts_apart) {
    const auto& [spec, stream, first] = GetParam();
    const auto found = dissect_every_way(framing_of(spec), stream);
    EXPECT_EQ(found.error, std::nullopt) << spec;
    ASSERT_EQ(found.frames.size(), 2U) << spec;
    EXPECT_EQ(tests::parts_of_frame(found.frames[0]), first) << spec;
    EXPECT_EQ(found.frames[1].reached, stage::complete) << spec;
    EXPECT_EQ(found.frames[1].payload, "ok") << spec;
}

constexpr auto skipped = stage::skipped;

INSTANTIATE_TEST_SUITE_P(
    dissector, discarding,
    testing::Values(discarded{"digits:2,max=4,oversize=skip",
                              "05Hello02ok",
                              {skipped, 0, 2, 5, 0, 5, 5, true}},
                    discarded{"digits:2,max=4,oversize=skip,count=chars",
                              "03\xC3\xA9\xC3\xA9\xC3\xA9"
                              "02ok",
                              {skipped, 0, 2, 6, 0, 3, 3, true}},
                    discarded{"netstring,max=4,oversize=skip",
                              "5:Hello,2:ok,",
                              {skipped, 0, 2, 5, 1, 5, 5, true}},
                    discarded{"u8,trailer=2,max=2,oversize=skip",
                              "\x05Hello\0\0\2ok\0\0"sv,
                              {skipped, 0, 1, 5, 2, 5, 5, true}},
                    discarded{"line,max=4,oversize=skip",
                              "a line of more than 32 bytes, and of 41 in all\r\nok\n",
                              {skipped, 0, 0, 46, 2, unknown_length, 46, true}},
                    discarded{"delimiter:aab,max=2,oversize=skip",
                              "aaaaaabokaab",
                              {skipped, 0, 0, 4, 3, unknown_length, 4, true}},
                    discarded{"mllp,max=2,oversize=skip",
                              "\x0B"
                              "abcd\x1C\r\x0Bok\x1C\r",
                              {skipped, 0, 1, 4, 2, unknown_length, 4, true}}));

TEST(dissector, what_will_be_discarded_is_known_as_soon_as_its_size_is) {
    dissector receiver(framing_of("line,max=4,oversize=skip"), 100);
    EXPECT_FALSE(receiver.receive("abcd").back().is_discarded);
    EXPECT_FALSE(receiver.receive("\r").back().is_discarded);
    EXPECT_TRUE(receiver.receive("x").back().is_discarded);
}

TEST(dissector, what_is_as_large_as_allowed_is_not_discarded) {
    for (const auto& [spec, stream] : std::vector<std::pair<std::string_view, std::string_view>>{
             {"digits:2,max=4,oversize=skip", "04abcd"},
             {"digits:2,max=4,oversize=skip,count=chars", "02\xC3\xA9\xC3\xA9"},
             {"line,max=4,oversize=skip", "abcd\r\n"},
             {"mllp,max=4,oversize=skip",
              "\x0B"
              "abcd\x1C\r"}}) {
        const auto found = dissect_every_way(framing_of(spec), stream);
        ASSERT_EQ(found.frames.size(), 1U) << spec;
        EXPECT_EQ(found.frames[0].reached, stage::complete) << spec;
        EXPECT_FALSE(found.frames[0].is_discarded) << spec;
    }
}

TEST(dissector, ignores_what_comes_behind_a_failure) {
    dissector receiver(framing_of("digits:2"), 100);
    EXPECT_EQ(receiver.receive("02ok+x").size(), 2U);
    EXPECT_FALSE(receiver.open());
    EXPECT_TRUE(receiver.receive("02ok").empty());
    EXPECT_EQ(receiver.offset(), 10U);
    EXPECT_EQ(receiver.failure()->offset, 4U);
}

TEST(dissector, without_an_end_it_waits) {
    dissector receiver(framing_of("netstring"), 100);
    receiver.receive("3:abc");
    EXPECT_EQ(receiver.failure(), nullptr);
    EXPECT_EQ(receiver.open()->reached, stage::trailer);
}

}  // namespace
}  // namespace framewire::dissector_failures_tests
