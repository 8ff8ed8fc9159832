#include "framewire/codec/digits.hpp"

#include "frame_oracle.hpp"
#include "random_bytes.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace framewire::digits_streams_tests {
namespace {

using tests::frame_oracle;
using tests::random_bytes;
using tests::read_byte_by_byte;
using tests::read_cut_at;
using tests::read_cut_by;
using tests::read_whole;

auto decoder_of(const frame_oracle& oracle) {
    return digits{{.width = oracle.width,
                   .pad = oracle.spaces ? padding::space : padding::zero,
                   .count = oracle.characters ? counting::in_characters : counting::in_bytes},
                  {}}
        .decoder({.payload_bytes_max = oracle.payload_bytes_max,
                  .beyond = oracle.skip ? oversize::skip : oversize::close});
}

void expect_every_cut(const frame_oracle& oracle, bytes stream) {
    const auto expected = oracle.read(stream);
    ASSERT_EQ(read_whole(decoder_of(oracle), stream), expected)
        << testing::PrintToString(std::string(stream));
    ASSERT_EQ(read_byte_by_byte(decoder_of(oracle), stream), expected)
        << testing::PrintToString(std::string(stream));
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        ASSERT_EQ(read_cut_at(decoder_of(oracle), stream, cut), expected)
            << testing::PrintToString(std::string(stream)) << " cut at " << cut;
    }
}

void expect_every_segmentation(const frame_oracle& oracle, bytes stream) {
    const auto expected = oracle.read(stream);
    for (std::size_t cuts = 0; cuts < std::size_t{1} << (stream.size() - 1); ++cuts) {
        ASSERT_EQ(read_cut_by(decoder_of(oracle), stream, cuts), expected)
            << testing::PrintToString(std::string(stream)) << " cut by " << cuts;
    }
}

TEST(digits_streams, every_segmentation_of_two_frames) {
    expect_every_segmentation({.width = 3}, "004Hell002hi");
    expect_every_segmentation({.width = 3, .spaces = true}, "4  Hell2  hi");
}

TEST(digits_streams, every_segmentation_of_two_frames_in_characters) {
    expect_every_segmentation({.width = 2, .characters = true},
                              "02\xC3\xA9l"
                              "01\xF0\x9F\x98\x80"
                              "00");
}

TEST(digits_streams, every_segmentation_of_a_skipped_frame_between_two) {
    expect_every_segmentation({.width = 1, .payload_bytes_max = 2, .skip = true},
                              "1a5Hello0"
                              "2hi");
}

TEST(digits_streams, every_segmentation_of_a_stream_that_fails) {
    expect_every_segmentation({.width = 2}, "02hi+5Hello");
    expect_every_segmentation({.width = 2, .characters = true}, "03h\xC3\xA9lx");
    expect_every_segmentation({.width = 3, .payload_bytes_max = 9}, "002hi010Hello");
}

// A frame that announces few characters can still have too many bytes, or bytes that are no
// characters: whichever comes first is the fault.
TEST(digits_streams, the_first_of_two_faults_counts_however_the_stream_is_split) {
    expect_every_segmentation({.width = 1, .characters = true, .payload_bytes_max = 4},
                              "4\xC3\xA9\xC3\xA9\xC3\xA9\xFF");
    expect_every_segmentation({.width = 1, .characters = true, .payload_bytes_max = 4},
                              "4\xC3\xA9\xC3\xFF");
}

class hostile_streams : public testing::TestWithParam<frame_oracle> {};

TEST_P(hostile_streams, agree_with_the_oracle_however_they_are_split) {
    const auto& oracle = GetParam();
    random_bytes random(static_cast<std::uint32_t>(oracle.width + 100 * oracle.spaces));
    for (int round = 0; round < 500; ++round) {
        const auto stream = random.hostile(1 + random.below(30));
        ASSERT_NO_FATAL_FAILURE(expect_every_cut(oracle, stream));
        ASSERT_EQ(read_cut_by(decoder_of(oracle), stream, random.below(1U << 30)),
                  oracle.read(stream))
            << testing::PrintToString(stream);
    }
}

// Well-formed frames of random payloads, with one byte changed in half of them.
TEST_P(hostile_streams, agree_with_the_oracle_after_one_wrong_byte) {
    const auto& oracle = GetParam();
    random_bytes random(static_cast<std::uint32_t>(7 * oracle.width));
    for (int round = 0; round < 100; ++round) {
        std::string stream;
        for (std::size_t n = 1 + random.below(3); n > 0; --n) {
            const auto size = random.below(oracle.width == 1 ? 10 : 14);
            const auto length = std::to_string(size);
            const std::string padding(oracle.width - length.size(), oracle.spaces ? ' ' : '0');
            stream += oracle.spaces ? length + padding : padding + length;
            for (std::size_t i = 0; i < size; ++i) {
                stream += oracle.characters
                              ? tests::encode_utf8(static_cast<std::uint32_t>(random.below(0x900)))
                              : std::string(1, random.byte());
            }
        }
        if (random.below(2) == 0) stream[random.below(stream.size())] = random.byte();
        ASSERT_NO_FATAL_FAILURE(expect_every_cut(oracle, stream));
    }
}

INSTANTIATE_TEST_SUITE_P(
    framings, hostile_streams,
    testing::Values(frame_oracle{.width = 1}, frame_oracle{.width = 2},
                    frame_oracle{.width = 3, .payload_bytes_max = 20}, frame_oracle{.width = 10},
                    frame_oracle{.width = 2, .spaces = true},
                    frame_oracle{.width = 5, .spaces = true},
                    frame_oracle{.width = 2, .characters = true},
                    frame_oracle{.width = 2, .characters = true, .payload_bytes_max = 5},
                    frame_oracle{.width = 3, .spaces = true, .characters = true},
                    frame_oracle{.width = 2, .payload_bytes_max = 4, .skip = true},
                    frame_oracle{
                        .width = 2, .characters = true, .payload_bytes_max = 12, .skip = true},
                    frame_oracle{.width = 22, .payload_bytes_max = 4, .skip = true}));

}  // namespace
}  // namespace framewire::digits_streams_tests
