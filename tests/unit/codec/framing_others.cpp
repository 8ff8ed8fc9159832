// The options `first` and `reply`.

#include "framewire/codec/framing.hpp"

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::framing_others_tests {
namespace {

using tests::framing_of;

std::string words_of(std::string_view spec) {
    const auto parsed = framing::parse(spec);
    return parsed ? "none" : parsed.error().message();
}

TEST(framing_others, has_none_unless_told) {
    const auto plain = framing_of("u32be,max=1KiB");
    EXPECT_EQ(plain.first(), nullptr);
    EXPECT_EQ(&plain.replies(), &plain);
    EXPECT_TRUE(plain.is_symmetric());
    EXPECT_EQ(plain.reversed().spec(), "u32be,max=1KiB");
}

TEST(framing_others, first_is_for_both_directions) {
    const auto torrent = framing_of("u32be,first=fixed:68");
    ASSERT_NE(torrent.first(), nullptr);
    EXPECT_EQ(torrent.first()->spec(), "fixed:68");
    EXPECT_TRUE(torrent.is_symmetric());
    EXPECT_EQ(torrent.spec(), "u32be,first=fixed:68");
}

TEST(framing_others, reply_is_for_the_other_direction) {
    const auto ajp = framing_of(R"(u16be,magic=\x12\x34,reply=u16be\,magic=AB)");
    EXPECT_EQ(ajp.first(), nullptr);
    EXPECT_FALSE(ajp.is_symmetric());
    EXPECT_EQ(ajp.replies().spec(), "u16be,magic=AB");
    std::string stream;
    ASSERT_TRUE(ajp.encode("a", stream));
    ASSERT_TRUE(ajp.replies().encode("b", stream));
    EXPECT_EQ(stream, std::string("\x12\x34\0\1a"
                                  "AB\0\1b",
                                  10));
}

TEST(framing_others, a_reply_has_a_first_of_its_own) {
    const auto both = framing_of(R"(u8,first=line,reply=u16be\,first=fixed:2)");
    ASSERT_NE(both.first(), nullptr);
    EXPECT_EQ(both.first()->spec(), "line");
    ASSERT_NE(both.replies().first(), nullptr);
    EXPECT_EQ(both.replies().first()->spec(), "fixed:2");
    EXPECT_EQ(framing_of("u8,first=line,reply=u16be").replies().first(), nullptr);
}

TEST(framing_others, commas_and_backslashes_are_escaped_at_every_depth) {
    const auto deep = framing_of(R"(u8,reply=u16be\,first=delimiter:\\\\\\\\x\\\\\\\,\,max=9)");
    EXPECT_EQ(deep.replies().spec(), R"(u16be,first=delimiter:\\\\x\\\,,max=9)");
    ASSERT_NE(deep.replies().first(), nullptr);
    std::string stream;
    ASSERT_TRUE(deep.replies().first()->encode("a", stream));
    EXPECT_EQ(stream, "a\\x,");
}

TEST(framing_others, limits_hold_for_them_unless_they_have_their_own) {
    const auto limited = framing_of(
        "u32be,max=1KiB,oversize=skip,first=u16be,"
        R"(reply=u8\,max=5\,first=line\\\,oversize=close)");
    ASSERT_NE(limited.first(), nullptr);
    EXPECT_EQ(limited.first()->payload_bytes_max(), 1024U);
    EXPECT_EQ(limited.first()->beyond(), oversize::skip);
    EXPECT_EQ(limited.replies().payload_bytes_max(), 5U);
    EXPECT_EQ(limited.replies().beyond(), oversize::skip);
    EXPECT_EQ(limited.replies().first()->payload_bytes_max(), 5U);
    EXPECT_EQ(limited.replies().first()->beyond(), oversize::close);
}

TEST(framing_others, reversed_is_the_same_conversation) {
    for (const auto* const spec :
         {"u32be", "u32be,first=fixed:8", R"(u24be,adjust=6,first=fixed:24,reply=u24be\,adjust=6)",
          R"(u8,max=9,reply=u16be\,first=delimiter:\\\\\\\\x\\\\\\\,)", "kafka,reply=line"}) {
        const auto one = framing_of(spec);
        const auto other = one.reversed();
        EXPECT_EQ(other.spec(), framing_of(other.spec()).spec());
        EXPECT_EQ(other.first() != nullptr, one.replies().first() != nullptr) << spec;
        const auto again = framing_of(other.spec()).reversed();
        EXPECT_EQ(again.replies().spec(), one.replies().spec()) << spec;
        EXPECT_EQ(again.reversed().spec(), other.spec()) << spec;
        for (const auto& [left, right] :
             {std::pair{&one, &other.replies()}, std::pair{&one.replies(), &other}}) {
            EXPECT_EQ(left->first() != nullptr, right->first() != nullptr) << spec;
            std::string from_left;
            std::string from_right;
            ASSERT_TRUE(left->encode("payload", from_left));
            ASSERT_TRUE(right->encode("payload", from_right));
            EXPECT_EQ(from_left, from_right) << spec;
            if (left->first() == nullptr) continue;
            EXPECT_EQ(left->first()->spec(), right->first()->spec()) << spec;
        }
    }
    EXPECT_EQ(framing_of("u16be,max=1KiB,reply=line").reversed().spec(),
              R"(line,max=1KiB,reply=u16be\,max=1KiB)");
}

TEST(framing_others, refuses_what_cannot_be) {
    EXPECT_EQ(words_of("u8,first=fixed:x"),
              R"(framing "fixed:x": expected a size of at least 1, found "x")");
    EXPECT_EQ(words_of("u8,first=raw"),
              R"(framing "u8,first=raw": expected a framing with frames, found "raw")");
    EXPECT_EQ(words_of(R"(u8,first=line\,first=line)"),
              "framing \"u8,first=line\\\\,first=line\": expected a framing without 'first' and "
              "'reply', found \"line\\\\,first=line\"");
    EXPECT_EQ(words_of(R"(u8,first=line\,reply=line)").find("expected a framing without") ==
                  std::string::npos,
              false);
    EXPECT_NE(words_of(R"(u8,reply=u8\,reply=u8)").find("expected a framing without 'reply'"),
              std::string::npos);
    EXPECT_EQ(words_of("u8,first=line,first=line"),
              "framing \"u8,first=line,first=line\": expected 'first' only once, found "
              "\"first=line\"");
    EXPECT_NE(words_of("u8,first="), "none");
    EXPECT_NE(words_of("u8,reply=lines"), "none");
    EXPECT_EQ(words_of("line,max=5,reply=bogus"), "unknown framing \"bogus\"");
    EXPECT_EQ(words_of("line,colour=red,reply=u8"),
              "framing \"line,colour=red\": expected an option of 'line' (see 'framewire "
              "framings'), found \"colour=red\"");
    EXPECT_EQ(words_of(R"(line,reply=delimiter:a\)"),
              R"(framing "delimiter:a\\": expected \r, \n, \t, \0, \\, \,, \xHH or \uHHHH, )"
              R"(found "\\")");
}

TEST(framing_others, a_spec_that_ends_with_a_backslash_is_quoted) {
    const auto both = framing_of("line").with_reply(framing_of(R"(delimiter:\\)"));
    EXPECT_EQ(both.spec(), R"(line,reply=delimiter:\\\\)");
    EXPECT_EQ(framing_of(both.spec()).replies().spec(), R"(delimiter:\\)");
}

}  // namespace
}  // namespace framewire::framing_others_tests
