#include "cli/help_text.hpp"

#include "cli/command_page.hpp"
#include "cli/completions.hpp"
#include "cli/manual.hpp"

#include <gtest/gtest.h>
#include <array>
#include <string>

namespace framewire::help_text_tests {
namespace {

TEST(wrapped, breaks_at_spaces) {
    EXPECT_EQ(wrapped("one two three", 0, 7), "one two\nthree");
    EXPECT_EQ(wrapped("one two three", 2, 9), "one two\n  three");
    EXPECT_EQ(wrapped("one two", 0, 7), "one two");
    EXPECT_EQ(wrapped("", 4), "");
}

TEST(wrapped, keeps_line_feeds_and_words_that_are_too_long) {
    EXPECT_EQ(wrapped("one\n\ntwo", 2, 80), "one\n\n  two");
    EXPECT_EQ(wrapped("a incomprehensible b", 0, 5), "a\nincomprehensible\nb");
}

struct small_page {
    page_spec spec{.name = "go", .what = "go there", .usage = "go [WORD...]"};
    command_page page{spec};
    std::string far = "";
    bool quiet = false;

    small_page() {
        page.text("-f,--far", far, "SPEC", "go as far as 'SPEC'").shown_default("5");
        page.group("Output");
        page.flag("--quiet", quiet, "say nothing: [at all]").seldom();
        page.describe("go [WORD...]", "  framewire go -f '2' .\nA remark.");
        page.notes("One.\n\nTwo ~ `three`.\n'four'.");
    }
};

class help_text_of_a_page : public testing::Test, protected small_page {};

TEST_F(help_text_of_a_page, has_what_is_used_most) {
    EXPECT_EQ(help_text(spec, help_extent::usual, false),
              "Usage: framewire go [WORD...]\n"
              "Go there.\n\n"
              "Options:\n"
              "  -f, --far SPEC          go as far as 'SPEC' (default 5)\n\n"
              "Examples:\n"
              "  framewire go -f '2' .\n"
              "A remark.\n");
}

TEST_F(help_text_of_a_page, has_everything) {
    EXPECT_EQ(help_text(spec, help_extent::all, true),
              "\x1b[1mUsage:\x1b[0m framewire go [WORD...]\n"
              "Go there.\n\n"
              "\x1b[1mOptions:\x1b[0m\n"
              "  -f, --far SPEC          go as far as 'SPEC' (default 5)\n\n"
              "\x1b[1mOutput:\x1b[0m\n"
              "  --quiet                 say nothing: [at all]\n\n"
              "One.\n\nTwo ~ `three`.\n'four'.\n\n"
              "\x1b[1mExamples:\x1b[0m\n"
              "  framewire go -f '2' .\n"
              "A remark.\n");
}

TEST_F(help_text_of_a_page, escapes_what_roff_reads) {
    const std::array<const page_spec*, 1> pages{&spec};
    const auto page = manual_page(spec, "framewire 1", pages);
    EXPECT_NE(page.find(".TH FRAMEWIRE\\-GO 1 \"\" \"framewire 1\""), std::string::npos);
    EXPECT_NE(page.find("One.\n.PP\nTwo \\(ti \\(gathree\\(ga.\n\\&\\(aqfour"), std::string::npos);
    EXPECT_NE(page.find(".TP\n\\fB\\-f\\fR, \\fB\\-\\-far\\fR \\fISPEC\\fR\n"), std::string::npos);
    EXPECT_NE(page.find(".SH EXAMPLES\n.nf\n  framewire go \\-f \\(aq2\\(aq .\n"),
              std::string::npos);
}

TEST_F(help_text_of_a_page, escapes_what_shells_read) {
    const std::array<const page_spec*, 1> pages{&spec};
    EXPECT_NE(zsh_completion(pages).find(R"('--quiet''[say nothing\: \[at all\]]')"),
              std::string::npos);
    EXPECT_NE(fish_completion(pages).find(R"(-l far -s f -x -a )"), std::string::npos);
    EXPECT_NE(fish_completion(pages).find(R"(-d 'go as far as '\''SPEC'\''')"), std::string::npos);
    EXPECT_NE(bash_completion(pages).find("-f|--far) _framewire_words"), std::string::npos);
}

}  // namespace
}  // namespace framewire::help_text_tests
