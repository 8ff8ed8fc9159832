#include "store/ack_text.hpp"
#include "store/replay_service.hpp"
#include "store/store_position.hpp"
#include "store/store_spec.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::texts_tests {
namespace {

using namespace std::chrono_literals;

std::string text_of(std::string_view text) {
    const auto parsed = ack_text::parse(text);
    if (!parsed) return "refused: " + parsed.error().words;
    return parsed->text({.offset = 7, .id = "x", .error = "store.full"});
}

TEST(ack_text, has_values_and_braces) {
    EXPECT_EQ("OK", text_of("OK"));
    EXPECT_EQ("OK 7 x\n", text_of("OK {offset} {id}\\n"));
    EXPECT_EQ("{7} store.full", text_of("{{{offset}}} {error}"));
    EXPECT_EQ("refused: '{x}' has no value for '{x}'", text_of("{x}"));
    EXPECT_EQ("refused: 'a {' has no value for '{}'", text_of("a {"));
    EXPECT_TRUE(ack_text::parse("{{}}")->is_constant());
    EXPECT_FALSE(ack_text::parse("{id}")->is_constant());
}

TEST(store_spec, has_a_file_and_options) {
    const auto one = store_spec::parse("store:a,b.db");
    ASSERT_TRUE(one);
    EXPECT_EQ("a,b.db", one->path);
    EXPECT_EQ("Message received successfully....", one->ack.text({}));
    EXPECT_FALSE(one->nack || one->id || one->keep.limits());
}

TEST(store_spec, texts_may_have_commas) {
    const auto one = store_spec::parse(
        "store:a.db,ack=yes, {offset},nack=no,id=4,keep=1M,keep=10GiB,keep=48h,until=bye");
    ASSERT_TRUE(one);
    EXPECT_EQ("a.db", one->path);
    EXPECT_EQ("yes, 3", one->ack.text({.offset = 3}));
    EXPECT_EQ("no", one->nack->text({}));
    EXPECT_EQ(4U, one->id->bytes);
    EXPECT_EQ(1'000'000U, one->keep.messages_max);
    EXPECT_EQ(10ULL << 30U, one->keep.bytes_max);
    EXPECT_EQ(48h, one->keep.age_max);
    EXPECT_EQ("bye", one->until);
    EXPECT_EQ("id=([0-9]+)", store_spec::parse("store:a,id=/id=([0-9]+)/")->id->regex);
}

TEST(store_spec, refuses_what_means_nothing) {
    for (const char* wrong :
         {"store:", "store:,ack=x", "store:a,id=0", "store:a,id=", "store:a,id=//",
          "store:a,keep=", "store:a,keep=x", "store:a,ack={x}", "store:a,until=\\x"}) {
        EXPECT_FALSE(store_spec::parse(wrong)) << wrong;
    }
}

TEST(replay_spec, has_a_file_a_position_and_a_prefix) {
    const auto one = replay_spec::parse("replay:a,b.db,prefix={offset} ,from=first");
    ASSERT_TRUE(one);
    EXPECT_EQ("a,b.db", one->path);
    EXPECT_TRUE(one->from);
    EXPECT_EQ("5 ", one->prefix->text({.offset = 5}));
    EXPECT_FALSE(replay_spec::parse("replay:a")->from);
    EXPECT_FALSE(replay_spec::parse("replay:"));
    EXPECT_FALSE(replay_spec::parse("replay:a,from=x"));
    EXPECT_FALSE(replay_spec::parse("replay:a,prefix={x}"));
}

TEST(store_time, is_read_in_utc) {
    const store_time day(std::chrono::sys_days(std::chrono::year(2026) / 2 / 28));
    EXPECT_EQ(day, parse_store_time("2026-02-28"));
    EXPECT_EQ(day + 1h + 2min + 3s, parse_store_time("2026-02-28T01:02:03"));
    EXPECT_EQ(day + 1h + 2min + 3s + 40ms, parse_store_time("2026-02-28T01:02:03.04Z"));
    for (const char* wrong : {"", "2026-02-29", "2026-2-28", "2026-02-28T", "2026-02-28T24:00:00",
                              "2026-02-28T01:60:00", "2026-02-28T01:02:60", "2026-02-28T01:02:03.",
                              "2026-02-28T01:02:03.1234567", "2026-02-28T01:02:03Zx",
                              "2026-02-28 01:02:03", "2026-02-28T01:02"}) {
        EXPECT_FALSE(parse_store_time(wrong)) << wrong;
    }
}

TEST(store_position, is_one_of_five_things) {
    for (const char* one : {"first", "next", "0", "17", "2026-02-28", "90m", "1.5s"}) {
        EXPECT_TRUE(store_position::parse(one)) << one;
    }
    for (const char* wrong : {"", "last", "-1", "1x", "2026-02-30"}) {
        EXPECT_FALSE(store_position::parse(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace framewire::texts_tests
