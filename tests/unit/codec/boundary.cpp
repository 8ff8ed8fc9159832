// Every short text against every short boundary, as std::string finds it.

#include "framewire/codec/detail/boundary.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <string>
#include <vector>

namespace framewire::boundary_tests {
namespace {

std::vector<std::string> texts_over(const std::string& letters, std::size_t size_max) {
    std::vector<std::string> all{""};
    for (std::size_t from = 0, size = 1; size <= size_max; ++size) {
        const auto end = all.size();
        for (; from < end; ++from) {
            for (const char letter : letters) all.push_back(all[from] + letter);
        }
    }
    return all;
}

// How many bytes of the mark are at the end of the text; or, if the text contains it, the end of
// its first occurrence.
struct expected_scan {
    std::size_t scanned = 0;
    std::size_t matched = 0;
    bool complete = false;
};

expected_scan expect_in(const std::string& text, const std::string& mark) {
    const auto at = text.find(mark);
    if (at != std::string::npos) return {at + mark.size(), mark.size(), true};
    auto matched = std::min(mark.size() - 1, text.size());
    while (!text.ends_with(mark.substr(0, matched))) --matched;
    return {text.size(), matched, false};
}

expected_scan expect_line_end_in(const std::string& text) {
    const auto at = text.find('\n');
    if (at == std::string::npos) return {text.size(), text.ends_with('\r') ? 1U : 0U, false};
    return {at + 1, at > 0 && text[at - 1] == '\r' ? 2U : 1U, true};
}

void expect_found(const boundary::scan& found, const expected_scan& expected,
                  const std::string& text) {
    ASSERT_EQ(found.complete, expected.complete) << testing::PrintToString(text);
    ASSERT_EQ(found.matched, expected.matched) << testing::PrintToString(text);
    ASSERT_EQ(found.scanned, expected.scanned) << testing::PrintToString(text);
}

// The text at once, after a glance at it, and in two pieces of one buffer.
void expect_find(const boundary& mark, const std::string& text, const expected_scan& expected) {
    ASSERT_NO_FATAL_FAILURE(expect_found(mark.find(text, {}), expected, text));
    ASSERT_NO_FATAL_FAILURE(
        expect_found(mark.find(text, mark.find_first(text, 0)), expected, text));
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const auto first = mark.find(bytes(text).substr(0, cut), {});
        ASSERT_NO_FATAL_FAILURE(expect_found(mark.find(text, first), expected, text)) << cut;
    }
}

// The text after a match in part: decided as soon as none of that can belong to the mark.
void expect_resume(const boundary& one, const std::string& mark, std::size_t matched,
                   const std::string& text) {
    const auto held = mark.substr(0, matched);
    const auto found = one.resume(text, matched);
    ASSERT_LE(found.scanned, text.size());
    const auto seen = held + text.substr(0, found.scanned);
    const auto at = seen.find(mark);
    ASSERT_EQ(found.complete, at != std::string::npos) << seen;
    if (found.complete) {
        ASSERT_EQ(found.matched, mark.size());
        ASSERT_EQ(at + mark.size(), seen.size()) << seen;
        return;
    }
    ASSERT_EQ(found.matched, expect_in(seen, mark).matched) << seen;
    const bool undecided = found.matched > found.scanned;
    ASSERT_TRUE(!undecided || found.scanned == text.size()) << seen;
    // Not one byte later than it could be known.
    if (found.scanned == 0) return;
    const auto before = held + text.substr(0, found.scanned - 1);
    ASSERT_GT(expect_in(before, mark).matched, found.scanned - 1) << seen;
}

TEST(boundary, finds_every_short_mark_in_every_short_text) {
    const auto texts = texts_over("ab", 9);
    for (const auto& mark : texts_over("ab", 4)) {
        if (mark.empty()) continue;
        const boundary one(mark);
        EXPECT_EQ(one.mark(), mark);
        for (const auto& text : texts) {
            ASSERT_NO_FATAL_FAILURE(expect_find(one, text, expect_in(text, mark))) << mark;
        }
    }
}

TEST(boundary, resumes_behind_every_part_of_every_short_mark) {
    const auto texts = texts_over("ab", 7);
    for (const auto& mark : texts_over("ab", 5)) {
        const boundary one(mark.empty() ? "a" : mark);
        for (std::size_t matched = 1; matched < mark.size(); ++matched) {
            for (const auto& text : texts) {
                ASSERT_NO_FATAL_FAILURE(expect_resume(one, mark, matched, text))
                    << mark << ' ' << matched;
            }
        }
    }
}

TEST(boundary, finds_every_line_end_in_every_short_text) {
    const auto end = boundary::line_end();
    EXPECT_EQ(end.mark(), "\r\n");
    for (const auto& text : texts_over("a\r\n", 7)) {
        ASSERT_NO_FATAL_FAILURE(expect_find(end, text, expect_line_end_in(text)));
    }
}

TEST(boundary, resumes_behind_a_carriage_return) {
    const auto end = boundary::line_end();
    const auto resumed = [&](bytes input) {
        const auto found = end.resume(input, 1);
        return std::vector<std::size_t>{found.scanned, found.matched, found.complete ? 1U : 0U};
    };
    using answer = std::vector<std::size_t>;
    EXPECT_EQ(resumed(""), (answer{0, 1, 0}));
    EXPECT_EQ(resumed("\na"), (answer{1, 2, 1}));
    EXPECT_EQ(resumed("a\n"), (answer{1, 0, 0}));
    EXPECT_EQ(resumed("\r\n"), (answer{1, 1, 0}));
}

TEST(boundary, looks_at_nothing_behind_a_complete_one) {
    const boundary mark("aab");
    const auto first = mark.find("xaaab", {});
    ASSERT_TRUE(first.complete);
    const auto again = mark.find("xaaabaab", first);
    EXPECT_EQ(again.scanned, 5U);
    EXPECT_TRUE(again.complete);
}

// The whole mark, if it is at the first place that begins like it; bytes before `start` are not
// read.
TEST(boundary, finds_the_first_from_a_given_start) {
    const boundary mark("ab");
    for (const bytes text : {"abxab", "xxxab",
                             "\xFF\xFF"
                             "aab"}) {
        const auto found = mark.find_first(text, 3);
        EXPECT_TRUE(found.complete);
        EXPECT_EQ(found.scanned, 5U);
        EXPECT_EQ(found.matched, 2U);
    }
    const auto line = boundary::line_end().find_first("\n\r\n", 2);
    EXPECT_EQ(line.matched, 1U);
    EXPECT_EQ(line.scanned, 3U);
}

TEST(boundary, may_follow_a_payload_unless_it_would_be_complete_too_early) {
    for (const auto& mark : texts_over("ab", 4)) {
        if (mark.empty()) continue;
        const boundary one(mark);
        for (const auto& payload : texts_over("ab", 7)) {
            if (payload.find(mark) != std::string::npos) continue;
            const bool ends_there = (payload + mark).find(mark) == payload.size();
            ASSERT_EQ(one.may_follow(one.find(payload, {}).matched), ends_there)
                << payload << ' ' << mark;
        }
    }
    EXPECT_TRUE(boundary::line_end().may_follow(0));
    EXPECT_FALSE(boundary::line_end().may_follow(1));
}

TEST(boundary, may_be_32_bytes_that_repeat_themselves) {
    const std::string mark = std::string(31, 'a') + "b";
    const boundary one(mark);
    for (std::size_t extra = 0; extra < 40; ++extra) {
        const auto text = std::string(extra, 'a') + mark;
        ASSERT_NO_FATAL_FAILURE(expect_find(one, text, expect_in(text, mark)));
    }
    const std::string all_alike(32, 'a');
    const boundary alike(all_alike);
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string text(size, 'a');
        ASSERT_NO_FATAL_FAILURE(expect_find(alike, text, expect_in(text, all_alike)));
    }
    EXPECT_FALSE(alike.may_follow(1));
    EXPECT_TRUE(alike.may_follow(0));
}

TEST(boundary, may_be_any_byte) {
    for (unsigned value = 0; value < 256; ++value) {
        const std::string mark(1, static_cast<char>(value));
        const auto text = std::string(3, static_cast<char>(value + 1)) + mark + "x";
        ASSERT_NO_FATAL_FAILURE(expect_find(boundary(mark), text, expect_in(text, mark)));
    }
}

}  // namespace
}  // namespace framewire::boundary_tests
