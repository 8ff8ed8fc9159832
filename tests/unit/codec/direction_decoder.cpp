#include "framewire/codec/direction_decoder.hpp"

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::direction_decoder_tests {
namespace {

using tests::framing_of;

// Decodes all of it; a payload that is skipped is `-`.
std::vector<std::string> payloads(direction_decoder& decoder, bytes input) {
    std::vector<std::string> all;
    std::string payload;
    while (!input.empty()) {
        const auto found = decoder.next(input);
        if (found.what == step::failed) break;
        if (found.what == step::skipped) all.emplace_back("-");
        if (found.what != step::piece) continue;
        payload += found.piece.payload;
        if (found.piece.last) all.push_back(std::exchange(payload, {}));
    }
    return all;
}

using texts = std::vector<std::string>;

TEST(direction_decoder, reads_the_first_frame_as_it_is_framed) {
    direction_decoder decoder(framing_of("line,first=digits:2"));
    EXPECT_TRUE(decoder.changes());
    bytes nothing;
    EXPECT_EQ(decoder.next(nothing).what, step::need_more);
    EXPECT_EQ(payloads(decoder, "02hi"), (texts{"hi"}));
    EXPECT_TRUE(decoder.changes());  // before the frame that follows
    EXPECT_EQ(payloads(decoder, "one\ntwo\n"), (texts{"one", "two"}));
    EXPECT_FALSE(decoder.changes());
    EXPECT_EQ(decoder.current().offset(), 12U);
    EXPECT_EQ(decoder.current().frame_offset(), 8U);
}

TEST(direction_decoder, reads_one_framing_if_all_frames_are_alike) {
    direction_decoder decoder(framing_of("line"));
    EXPECT_FALSE(decoder.changes());
    EXPECT_EQ(payloads(decoder, "one\ntwo\n"), (texts{"one", "two"}));
}

TEST(direction_decoder, changes_after_a_first_frame_in_pieces_or_skipped) {
    direction_decoder in_pieces(framing_of("line,first=digits:2"));
    for (const auto* const part : {"0", "2", "h"}) EXPECT_EQ(payloads(in_pieces, part), texts{});
    EXPECT_EQ(payloads(in_pieces, "i"), (texts{"i"}));
    EXPECT_EQ(payloads(in_pieces, "02hi\n"), (texts{"02hi"}));
    direction_decoder skipped(framing_of("line,first=digits:2,max=1,oversize=skip"));
    EXPECT_EQ(payloads(skipped, "02hi1\n"), (texts{"-", "1"}));
}

TEST(direction_decoder, takes_another_framing_at_once_between_frames) {
    direction_decoder decoder(framing_of("line"));
    EXPECT_EQ(payloads(decoder, "one\n"), (texts{"one"}));
    decoder.use(framing_of("u8,first=digits:2"));
    EXPECT_TRUE(decoder.changes());
    EXPECT_EQ(payloads(decoder, "02hi\1x"), (texts{"hi", "x"}));
    EXPECT_FALSE(decoder.changes());
    EXPECT_EQ(decoder.current().frame_offset(), 8U);
}

TEST(direction_decoder, takes_another_framing_in_place_of_a_first_frame) {
    direction_decoder decoder(framing_of("line,first=digits:2"));
    decoder.use(framing_of("u8"));
    EXPECT_EQ(payloads(decoder, "\1x\2hi"), (texts{"x", "hi"}));
}

TEST(direction_decoder, ends_the_frame_that_was_begun_before_it_takes_another) {
    direction_decoder decoder(framing_of("line"));
    EXPECT_EQ(payloads(decoder, "on"), texts{});
    decoder.use(framing_of("digits:2"));
    EXPECT_EQ(payloads(decoder, "e\n02hi"), (texts{"e", "hi"}));
}

TEST(direction_decoder, fails_as_its_current_framing_does) {
    direction_decoder decoder(framing_of("line,first=digits:2"), 4);
    EXPECT_EQ(payloads(decoder, "02hilines\n"), (texts{"hi"}));
    EXPECT_EQ(decoder.current().failure().message(),
              "frame.too_large at 4: \"lines\\n\" is not ended by \"\\n\" within the 4 bytes "
              "allowed");
}

}  // namespace
}  // namespace framewire::direction_decoder_tests
