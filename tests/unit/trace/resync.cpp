#include "trace/resync.hpp"

#include "shown_lines.hpp"

#include <gtest/gtest.h>
#include <array>
#include <string>

namespace framewire::resync_tests {
namespace {

std::string after(std::string_view text, const resync_plan& plan = {}) {
    return tests::lines_of(resynchronised(tests::shown(text), plan));
}

constexpr std::string_view gapped =
    "framing digits:2\n"
    "< \"02hi03yo\"\n"
    "< gap 100\n"
    "< \"u and me\"\n"
    "> \"02ok\"\n"
    "< \"02hi\"\n"
    "< eof\n";

TEST(resync, begins_anew_where_a_line_begins_as_a_frame_does) {
    EXPECT_EQ(after(gapped),
              "< \"02hi03yo\"\n"
              "> \"02ok\"\n"
              "# 100 bytes of the client are missing; the next 8, where no frame begins, "
              "passed over\n"
              "< gap 108\n"
              "< \"02hi\"\n"
              "< eof\n");
}

TEST(resync, adds_up_gaps_before_which_nothing_could_be_decoded) {
    EXPECT_EQ(after("framing u32be\n> gap 1\n> \"text\"\n> gap 2\n> 00 00 00 01 \"x\"\n> eof\n"),
              "# 3 bytes of the server are missing; the next 4, where no frame begins, "
              "passed over\n> gap 7\n> 00 00 00 01 \"x\"\n> eof\n");
}

TEST(resync, says_what_is_missing_at_the_end) {
    EXPECT_EQ(after("framing u8\n< 01 \"a\"\n< gap 3\n< eof\n"),
              "< 01 \"a\"\n# 3 bytes of the client are missing\n< gap 3\n< eof\n");
}

TEST(resync, never) {
    EXPECT_EQ(after(gapped, {.when = resync::never}),
              "< \"02hi03yo\"\n"
              "# 100 bytes of the client are missing; what follows is left out\n"
              "< gap 100\n"
              "> \"02ok\"\n");
}

TEST(resync, after_errors_only_if_that_is_wanted) {
    constexpr std::string_view text =
        "framing digits:2\n< \"02hiXX\"\n< \"no frame\"\n< \"02ho\"\n";
    EXPECT_EQ(after(text), "< \"02hiXX\"\n< \"no frame\"\n< \"02ho\"\n");
    EXPECT_EQ(after(text, {.when = resync::errors}),
              "< \"02hiXX\"\n# 8 bytes of the client are passed over\n< gap 8\n< \"02ho\"\n");
    EXPECT_EQ(after("framing digits:2\n< \"X\"\n< \"02ho\"\n", {.when = resync::errors}),
              "< \"X\"\n< gap 0\n< \"02ho\"\n");
}

TEST(resync, of_a_stream_that_begins_midway) {
    constexpr std::string_view text =
        "framing digits:2,reply=u32be\n< \"lo\"\n> \"text\"\n< \"02hi\"\n> 00 00 00 00\n";
    EXPECT_EQ(after(text, {.is_midway = {true, true}}),
              "# 2 bytes of the client are passed over\n< gap 2\n< \"02hi\"\n"
              "# 4 bytes of the server are passed over\n> gap 4\n> 00 00 00 00\n");
    EXPECT_EQ(after("framing u8,first=u32be\n< 01 \"x\"\n", {.is_midway = {true, false}}),
              "< gap 0\n< 01 \"x\"\n");
}

TEST(resync, from_where_a_person_says) {
    EXPECT_EQ(
        after("framing digits:2\n< \"zz02\"\n< \"hi\"\n> \"zzz\"\n> \"zz00\"\n", {.from = {2, 5}}),
        "# 2 bytes of the client are passed over\n< gap 2\n< \"02\"\n< \"hi\"\n"
        "# 5 bytes of the server are passed over\n> gap 5\n> \"00\"\n");
}

TEST(resync, is_not_fooled_by_a_length_that_is_text) {
    EXPECT_EQ(after("framing u32be\n< gap 1\n< \"some text\"\n< 00 10 00 00 \"x\"\n"),
              "# 1 byte of the client is missing; the next 9, where no frame begins, "
              "passed over\n< gap 10\n< 00 10 00 00 \"x\"\n");
}

}  // namespace
}  // namespace framewire::resync_tests
