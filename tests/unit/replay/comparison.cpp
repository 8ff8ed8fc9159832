#include "replay/comparison.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::comparison_tests {
namespace {

using namespace std::string_literals;

arrival frame(std::string payload) {
    return {.what = arrival::kind::frame, .payload = std::move(payload), .offset = 7};
}

script_step expecting(const std::string& data, const std::string& payload) {
    script_step step{.what = script_step::kind::expect};
    step.data = data;
    step.expected = frame(payload);
    return step;
}

script_step expecting_end(arrival::kind what, errc code = {}) {
    script_step step{.what = script_step::kind::expect};
    step.expected = {.what = what, .error = {code, 9, "words"}};
    return step;
}

TEST(comparison, is_of_every_byte) {
    const auto step = expecting("05Hello", "Hello");
    EXPECT_FALSE(compare(step, frame("Hello"), "05Hello", {}));
    const auto other = compare(step, frame("Hello"), " 5Hello", {});
    ASSERT_TRUE(other);
    EXPECT_EQ(other->expected_byte, 0U);
    EXPECT_EQ(other->received, " 5Hello");
    EXPECT_EQ(other->received_at, 7U);
    EXPECT_TRUE(other->is_frame);
    const auto longer = compare(step, frame("Hellooo"), "07Hellooo", {});
    ASSERT_TRUE(longer);
    EXPECT_EQ(longer->received_byte, 1U);
}

TEST(comparison, is_of_what_is_not_masked) {
    masks digits;
    ASSERT_TRUE(digits.add("[0-9]+"));
    const auto step = expecting("05at 12", "at 12");
    EXPECT_FALSE(compare(step, frame("at 3"), "04at 3", digits));
    const auto other = compare(step, frame("at 3!"), "05at 3!", digits);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->expected_byte, 7U);
    EXPECT_EQ(other->received_byte, 6U);
}

// As in PostgreSQL: the type, then the length.
TEST(comparison, finds_a_payload_that_begins_in_the_header) {
    masks digits;
    ASSERT_TRUE(digits.add("[0-9]+"));
    const auto step = expecting("T\0\0\0\5ab"s, "Tab");
    auto other = compare(step, frame("Tac"), "T\0\0\0\5ac"s, digits);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->expected_byte, 6U);
    EXPECT_EQ(other->received_byte, 6U);
    other = compare(step, frame("Sab"), "S\0\0\0\5ab"s, digits);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->received_byte, 0U);
}

TEST(comparison, is_of_how_a_stream_ends) {
    using kind = arrival::kind;
    EXPECT_FALSE(compare(expecting_end(kind::finished), {.what = kind::finished}, "", {}));
    EXPECT_FALSE(compare(expecting_end(kind::failed, errc::io_reset),
                         {.what = kind::failed, .error = {errc::io_reset, 0, ""}}, "", {}));
    const auto truncated = arrival{.what = kind::failed, .error = {errc::frame_truncated, 0, ""}};
    const auto other = compare(expecting_end(kind::failed, errc::io_reset), truncated, "0", {});
    ASSERT_TRUE(other);
    EXPECT_FALSE(other->is_frame);
    EXPECT_TRUE(other->words.starts_with("frame.truncated at 0"));
    const auto ended = compare(expecting("0", "0"), {.what = kind::finished}, "", {});
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->words, "the end of the stream");
    EXPECT_FALSE(ended->is_frame);
}

}  // namespace
}  // namespace framewire::comparison_tests
