#include "load/workload.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <set>

namespace framewire::workload_tests {
namespace {

workload make(const std::string& spec, message_plan plan = {}) {
    auto made = workload::make(*framing::parse(spec), std::move(plan));
    if (!made) throw std::runtime_error(made.error().message());
    return std::move(*made);
}

std::string why_not(const std::string& spec, message_plan plan = {}) {
    const auto made = workload::make(*framing::parse(spec), std::move(plan));
    return made ? "" : made.error().message();
}

std::vector<std::string> payloads(const workload& work, bytes frames) {
    auto reader = work.reply_decoder();
    std::vector<std::string> found;
    while (true) {
        const auto next = reader.next(frames);
        if (next.what != step::piece) return found;
        found.emplace_back(next.piece.payload);
    }
}

constexpr size_range of(std::size_t size) { return {size, size}; }

TEST(workload, frames_of_every_framing_carry_the_numbers) {
    for (const auto* spec :
         {"digits:10", "digits:10,count=chars", "u8", "u32le,magic=ab,trailer=3",
          "u16be,adjust=+2", "varint", "netstring", "octet-count", "line", "delimiter:--", "mllp",
          "content-length", "fixed:64"}) {
        const auto fixed = std::string_view(spec).starts_with("fixed");
        for (const auto smallest : {std::size_t{64}, std::size_t{fixed ? 64U : 16U}}) {
            const auto work = make(spec, {.size = {smallest, 64}});
            std::string scratch;
            const auto found = payloads(work, work.write(30, 40, scratch));
            ASSERT_EQ(40U, found.size()) << spec;
            for (std::uint64_t i = 0; i < 40; ++i) {
                EXPECT_EQ(work.expected(30 + i), found[i]) << spec;
                EXPECT_TRUE(work.matches(found[i], number_text(30 + i))) << spec;
                EXPECT_FALSE(work.matches(found[i], number_text(31 + i))) << spec;
            }
        }
    }
}

TEST(workload, frames_of_one_size_are_renumbered_anywhere) {
    for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 64U, 5000U, 20'000U}) {
        const auto work = make("digits:5", {.size = of(size)});
        std::string scratch;
        for (const auto& [number, count] :
             {std::pair{0U, 3U}, {31U, 70U}, {5U, 1U}, {1023U, 2U}, {32'767U, 130U}}) {
            const auto found = payloads(work, work.write(number, count, scratch));
            ASSERT_EQ(count, found.size());
            for (std::uint64_t i = 0; i < count; ++i) {
                ASSERT_EQ(work.expected(number + i), found[i]) << size;
            }
        }
    }
}

TEST(workload, fillers_and_numbers_tell_messages_apart) {
    const auto work = make("line");
    std::set<std::string> different;
    std::set<std::string> fillers;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        different.insert(work.expected(i));
        fillers.insert(work.expected(i).substr(8));
    }
    EXPECT_EQ(2000U, different.size());
    EXPECT_EQ(32U, fillers.size());
    EXPECT_EQ(bytes::npos, work.expected(77).find_first_not_of(number_text::alphabet));
}

TEST(workload, a_byte_that_differs_is_seen_wherever_it_is) {
    const auto work = make("line", {.size = of(40)});
    const auto right = work.expected(5);
    for (std::size_t i = 0; i < right.size(); ++i) {
        auto wrong = right;
        wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
        EXPECT_FALSE(work.matches(wrong, number_text(5))) << i;
    }
    EXPECT_FALSE(work.matches(right + "0", number_text(5)));
    EXPECT_FALSE(work.matches(right.substr(1), number_text(5)));
}

TEST(workload, sizes_are_spread_evenly_and_are_the_same_again) {
    const auto work = make("varint", {.size = {16, 19}});
    std::array<int, 4> times{};
    for (std::uint64_t i = 0; i < 4000; ++i) ++times.at(work.expected(i).size() - 16);
    EXPECT_GT(*std::ranges::min_element(times), 800);
    EXPECT_EQ(work.expected(123).size(), make("varint", {.size = {16, 19}}).expected(123).size());
}

TEST(workload, finds_the_message_that_a_reply_belongs_to) {
    const auto work = make("line", {.size = of(20)});
    EXPECT_EQ(107U, work.find(work.expected(107), 100, 110));
    EXPECT_FALSE(work.find(work.expected(110), 100, 110));
    EXPECT_FALSE(work.find(work.expected(99), 100, 110));
    EXPECT_FALSE(work.find("zzzzzzzz000000000000", 100, 110));
    EXPECT_FALSE(work.find("", 100, 110));
    const auto small = make("line", {.size = of(1)});
    EXPECT_EQ(35U, small.find("3", 30, 90));  // 35 = 32 + 3
    EXPECT_FALSE(small.find("3", 36, 60));
}

TEST(workload, other_expectations) {
    const auto text = make("line", {.expect = expectation::text, .reply = "ok"});
    EXPECT_TRUE(text.matches("ok", number_text(0)));
    EXPECT_FALSE(text.matches("no", number_text(0)));
    EXPECT_FALSE(text.has_numbers());
    const auto any = make("line", {.expect = expectation::any});
    EXPECT_TRUE(any.matches("", number_text(3)));
    EXPECT_EQ("", any.expected(3));
    const auto file = make("u8", {.texts = {"same"}});
    std::string scratch;
    EXPECT_EQ("\x04same\x04same", file.write(7, 2, scratch));
    EXPECT_TRUE(file.matches("same", number_text(1)));
    EXPECT_FALSE(file.matches("some", number_text(1)));
    EXPECT_FALSE(file.has_numbers());
}

TEST(workload, texts_are_sent_in_rotation_with_their_numbers) {
    const auto work = make("line", {.texts = {"a{n}", "b{n}c", "d"}, .connections = 2});
    const auto first = work.first_of(0);
    const auto second = work.first_of(1);
    std::string scratch;
    EXPECT_EQ("a0\nb2c\nd\na6\n", work.write(first, 4, scratch));
    EXPECT_EQ("b1c\nd\na5\n", work.write(second, 3, scratch));
    EXPECT_TRUE(work.matches("b2c", number_text(first + 1)));
    EXPECT_FALSE(work.matches("b2c", number_text(first + 2)));
    EXPECT_FALSE(work.matches("b3c", number_text(first + 1)));
    EXPECT_FALSE(work.matches("b2", number_text(first + 1)));
    EXPECT_FALSE(work.has_numbers()) << "one of them is always the same";
    EXPECT_EQ(3U, work.begun_by(first, 4, 8).count);
}

TEST(workload, a_reply_with_a_number_belongs_to_its_message) {
    const auto work = make("line", {.texts = {"a{n}", "b{n}"}, .connections = 3});
    EXPECT_TRUE(work.has_numbers());
    const auto number = work.first_of(2) + 7;
    EXPECT_EQ("b23", work.expected(number));
    EXPECT_EQ(number, work.find("b23", number - 5, number + 5));
    EXPECT_FALSE(work.find("a23", number - 5, number + 5)) << "the other text";
    EXPECT_FALSE(work.find("b23", number + 1, number + 5));
    EXPECT_FALSE(work.find("b22", number - 5, number + 5)) << "another connection";
    const auto acknowledged =
        make("line", {.texts = {"{n}"}, .expect = expectation::text, .reply = "ok {n}"});
    EXPECT_TRUE(acknowledged.matches("ok 7", number_text(7)));
    EXPECT_FALSE(acknowledged.matches("ok 8", number_text(7)));
    EXPECT_EQ(8U, acknowledged.find("ok 8", 7, 10));
    EXPECT_EQ("ok 9", acknowledged.expected(9));
}

TEST(workload, a_connection_may_begin_with_a_message_of_its_own) {
    EXPECT_EQ("", make("line").first_frame(0));
    EXPECT_EQ("I am 4\n", make("line", {.first = "I am {n}"}).first_frame(4));
    EXPECT_NE("", why_not("line", {.first = "two\nlines"}));
}

TEST(workload, says_which_frames_have_begun) {
    for (const auto sizes : {of(10), size_range{5, 15}}) {
        const auto work = make("line", {.size = sizes});
        std::string scratch;
        const auto all = std::string(work.write(3, 20, scratch));
        EXPECT_EQ(0U, work.begun_by(3, 20, 0).count);
        const auto whole = work.begun_by(3, 20, all.size());
        EXPECT_EQ(20U, whole.count);
        EXPECT_EQ(all.size(), whole.bytes);
        for (std::size_t sent = 1; sent < all.size(); ++sent) {
            const auto begun = work.begun_by(3, 20, sent);
            const auto ends = std::ranges::count(all.substr(0, sent - 1), '\n');
            EXPECT_EQ(static_cast<std::uint64_t>(ends) + 1, begun.count);
            EXPECT_EQ('\n', all[begun.bytes - 1]);
            EXPECT_GE(begun.bytes, sent);
        }
    }
}

TEST(workload, what_cannot_be_carried_is_refused) {
    EXPECT_EQ("bench needs a framing, to know where a reply ends", why_not("raw"));
    EXPECT_EQ("the framing fixed:16 cannot carry a message of 64 bytes: frame.wrong_size",
              why_not("fixed:16"));
    EXPECT_EQ("the framing u8 cannot carry a message of 300 bytes: frame.too_large",
              why_not("u8", {.size = {16, 300}}));
    EXPECT_NE("", why_not("delimiter:ab"));
    EXPECT_EQ("", why_not("delimiter:a-"));
    EXPECT_NE("", why_not("line", {.texts = {"two\nlines"}}));
    EXPECT_EQ("", why_not("delimiter:ab", {.texts = {"one"}}));
}

}  // namespace
}  // namespace framewire::workload_tests
