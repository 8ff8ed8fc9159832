// What holds of every framing whose payloads are values that end by themselves.

#include "framewire/codec/framing.hpp"

#include "readings.hpp"
#include "value_samples.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::values_tests {
namespace {

using tests::every_value;
using tests::framing_of;
using tests::values_of;

TEST(values, come_back_as_they_were_sent) {
    for (const auto spec : every_value) {
        for (const auto& one : values_of(spec)) {
            const auto frame = tests::encoded(spec, one);
            EXPECT_EQ(tests::read(spec, frame + frame),
                      tests::frames({{one, 0}, {one, frame.size()}}))
                << spec;
        }
    }
}

TEST(values, written_in_pieces_are_written_as_the_whole_is) {
    for (const auto spec : every_value) {
        const auto framing = framing_of(spec);
        for (const auto& one : values_of(spec)) {
            for (std::size_t cut = 0; cut <= one.size(); ++cut) {
                std::string out;
                auto frame = framing.begin(unknown_length, out).value();
                std::string_view rest = one;
                EXPECT_TRUE(framing.append(frame, rest.substr(0, cut), out));
                out.clear();  // as if it were sent
                EXPECT_TRUE(framing.append(frame, rest.substr(cut), out)) << spec << cut;
                EXPECT_TRUE(framing.end(frame, out));
                EXPECT_EQ(std::string(rest.substr(0, cut)) + out, tests::encoded(spec, one));
            }
        }
    }
}

TEST(values, that_are_incomplete_or_followed_by_others_are_refused) {
    for (const auto spec : every_value) {
        const auto framing = framing_of(spec);
        EXPECT_EQ(tests::refusal(spec, ""), errc::frame_wrong_size) << spec;
        for (const auto& one : values_of(spec)) {
            std::string out;
            auto frame = framing.begin(unknown_length, out).value();
            EXPECT_EQ(framing.end(frame, out).error(), errc::frame_wrong_size) << spec;
            EXPECT_FALSE(framing.append(frame, one + one, out)) << spec;
            EXPECT_EQ(out, "");
            EXPECT_TRUE(framing.append(frame, one, out));
            const auto written = out;
            if (one != "12.5") {  // of a number, more may follow
                EXPECT_EQ(framing.append(frame, one, out).error(), errc::frame_wrong_size) << spec;
            }
            EXPECT_EQ(out, written);
            EXPECT_TRUE(framing.end(frame, out));
        }
    }
}

TEST(values, of_which_a_piece_is_wrong_stay_as_they_were) {
    const auto framing = framing_of("json");
    std::string out;
    auto frame = framing.begin(unknown_length, out).value();
    EXPECT_TRUE(framing.append(frame, "[1", out));
    EXPECT_EQ(framing.end(frame, out).error(), errc::frame_wrong_size);
    EXPECT_EQ(framing.append(frame, ",}", out).error(), errc::frame_syntax);
    EXPECT_TRUE(framing.append(frame, ",2]", out));
    EXPECT_EQ(out, "[1,2]");
    EXPECT_TRUE(framing.end(frame, out));
}

TEST(values, have_neither_length_nor_end) {
    for (const auto spec : every_value) {
        const auto layout = framing_of(spec).describe();
        EXPECT_NE(layout.own, grammar::none) << spec;
        EXPECT_FALSE(layout.length) << spec;
        EXPECT_FALSE(layout.end) << spec;
        EXPECT_FALSE(framing_of(spec).announces_length()) << spec;
    }
}

TEST(values, too_late_to_be_skipped_are_too_large) {
    bytes input = "[1,2,3]";
    auto decoder = framing_of("json,max=4,oversize=skip").decoder(unknown_length - 1, 2);
    EXPECT_EQ(decoder.next(input).what, step::failed);
    EXPECT_EQ(decoder.failure().code, errc::frame_too_large);
    const auto left = input.size();
    EXPECT_EQ(decoder.next(input).what, step::failed);
    EXPECT_EQ(input.size(), left);
}

}  // namespace
}  // namespace framewire::values_tests
