#include "framewire/codec/any_delimiter.hpp"

#include "readings.hpp"
#include "refused_spec.hpp"

#include <gtest/gtest.h>
#include <array>

namespace framewire::any_delimiter_tests {
namespace {

using tests::encoded;
using tests::failure;
using tests::frames;
using tests::framing_of;
using tests::read;
using tests::refusal;
using tests::truncation;

TEST(any_delimiter, the_first_that_occurs_ends_a_payload) {
    EXPECT_EQ(encoded("delimiter:#,or=$", "Hi"), "Hi#");
    EXPECT_EQ(read("delimiter:#,or=$,or=;", "a$b#;c;"),
              frames({{"a", 0}, {"b", 2}, {"", 4}, {"c", 5}}));
    EXPECT_EQ(read(R"(delimiter:\r\n,or=\0)", std::string("a\rb\r\nc\0\r\0", 9)),
              frames({{"a\rb", 0}, {"c", 5}, {"\r", 7}}));
    EXPECT_EQ(read("delimiter:abc,or=bd,or=cab", "ababcxabdabdcab"),
              frames({{"ab", 0}, {"xa", 5}, {"a", 9}, {"", 12}}));
}

TEST(any_delimiter, refuses_payloads_that_would_be_read_as_others) {
    EXPECT_EQ(refusal("delimiter:#,or=$", "a$"), errc::frame_delimiter);
    EXPECT_EQ(refusal("delimiter:ba,or=ab", "xa"), errc::frame_delimiter);
    EXPECT_EQ(refusal("delimiter:ba,or=ab", "xb"), std::nullopt);
    EXPECT_EQ(refusal("delimiter:abc,or=xy", "ab"), std::nullopt);
    const auto frames = framing_of("delimiter:#,or=abc");
    std::string out;
    auto frame = frames.begin(unknown_length, out);
    ASSERT_TRUE(frame);
    EXPECT_TRUE(frames.append(*frame, "xa", out));
    EXPECT_TRUE(frames.append(*frame, "b", out));
    EXPECT_EQ(frames.append(*frame, "c", out).error(), errc::frame_delimiter);
    EXPECT_TRUE(frames.end(*frame, out));
    EXPECT_EQ(out, "xab#");
}

TEST(any_delimiter, bounds_do_not_count_what_may_be_a_delimiter) {
    EXPECT_EQ(read("delimiter:ab,or=cd,max=1", "xab"), frames({{"x", 0}}));
    EXPECT_EQ(read("delimiter:ab,or=cd,max=1", "xac"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("delimiter:ab,or=cd,max=1,oversize=skip", "xyzcdxab"),
              frames({{"", 0, true}, {"x", 5}}));
    EXPECT_TRUE(truncation("delimiter:ab,or=cd", "xa").starts_with("frame.truncated at 2"));
}

TEST(any_delimiter, refuses_delimiters_that_are_not_one_of_a_few) {
    constexpr auto* const none = "a delimiter that no other contains";
    tests::expect_refused({{"delimiter:a,or=b,or=c,or=d,or=e", 30, "at most four delimiters"},
                           {"delimiter:123456789,or=b", 10, "1 to 8 bytes"},
                           {"delimiter:a,or=", 15, "1 to 8 bytes"},
                           {"delimiter:ab,or=b", 16, none},
                           {"delimiter:b,or=ab", 15, none},
                           {"delimiter:a,or=b,or=a", 20, none}});
}

// Bytes that were held back are the decoder's own, and the input may be before or after it.
TEST(any_delimiter, is_too_large_at_the_same_byte_wherever_the_input_is) {
    struct {
        std::array<char, 4> lower{'x', 'a', 'b', 'y'};
        decoder decodes = framing_of("delimiter:abc,or=#,max=1").decoder();
        std::array<char, 4> higher{'x', 'a', 'b', 'y'};
    } memory;
    for (auto* const stream : {&memory.lower, &memory.higher}) {
        memory.decodes = framing_of("delimiter:abc,or=#,max=1").decoder();
        for (std::size_t at = 0; at < stream->size(); ++at) {
            bytes input(stream->data() + at, 1);
            while (!input.empty() && memory.decodes.next(input).what != step::failed) {
            }
        }
        EXPECT_EQ(memory.decodes.failure().code, errc::frame_too_large);
        EXPECT_EQ(memory.decodes.offset(), 3U);
    }
}

}  // namespace
}  // namespace framewire::any_delimiter_tests
