#include "cli/command_words.hpp"

#include "cli/command_page.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace framewire::command_words_tests {
namespace {

struct page_of_all_kinds {
    page_spec spec{.name = "go", .what = "go there"};
    command_page page{spec};
    std::vector<std::string> words;
    std::optional<std::string> far;
    bool quiet = false;
    int verbosity = 0;
    std::vector<std::string> files;
    std::vector<std::uint64_t> cuts;
    std::chrono::milliseconds timeout{5'000};
    std::optional<std::string> port;

    page_of_all_kinds() {
        page.words(words);
        auto distance = page.text("-f,--far", far, "SPEC", "how far");
        page.flag("-q,--quiet", quiet, "say nothing");
        page.count("-v,--verbose", verbosity, "say more");
        page.values("--file", "PATH", "a file", [this](const std::string& text) -> result<void> {
            files.push_back(text + std::to_string(words.size()));
            return {};
        });
        page.sizes("--cuts", cuts, "where to cut").excludes(distance);
        page.duration("--timeout", timeout, "wait at most TIME");
        page.optional_value("--serve", "[PORT]", "serve it",
                            [this](const std::string& text) -> result<void> {
                                port = text;
                                return {};
                            });
        page.prints(
            "-h,--help", [] { return "the page\n"; }, "this page");
    }

    failure refused(const std::vector<std::string>& given) {
        const auto read = read_words(spec, given);
        return read ? failure{"accepted"} : read.error();
    }
    bool reads(const std::vector<std::string>& given) {
        return read_words(spec, given).has_value();
    }
};

class command_words : public testing::Test, protected page_of_all_kinds {};

TEST_F(command_words, read_a_value_in_four_ways) {
    for (const std::vector<std::string>& given :
         {std::vector<std::string>{"--far", "5"}, {"--far=5"}, {"-f", "5"}, {"-f5"}}) {
        page_of_all_kinds all;
        ASSERT_TRUE(all.reads(given)) << given.front();
        EXPECT_EQ(all.far, "5");
    }
    ASSERT_TRUE(reads({"--far="}));
    EXPECT_EQ(far, "");
}

TEST_F(command_words, join_flags) {
    ASSERT_TRUE(reads({"-qvvf", "x", "-v"}));
    EXPECT_TRUE(quiet);
    EXPECT_EQ(verbosity, 3);
    EXPECT_EQ(far, "x");
}

TEST_F(command_words, keep_the_order_of_words_and_options) {
    ASSERT_TRUE(reads({"a", "--file", "x", "b", "-", "--file=y"}));
    EXPECT_EQ(words, (std::vector<std::string>{"a", "b", "-"}));
    EXPECT_EQ(files, (std::vector<std::string>{"x1", "y3"}));
    EXPECT_EQ(page.given(), 4U);
}

TEST_F(command_words, read_lists) {
    ASSERT_TRUE(reads({"--cuts", "1,2KiB", "--cuts=3"}));
    EXPECT_EQ(cuts, (std::vector<std::uint64_t>{1, 2048, 3}));
    EXPECT_EQ(refused({"--cuts", "1,,2"}).words.substr(0, 7), "--cuts:");
}

TEST_F(command_words, take_a_value_that_may_be_absent) {
    ASSERT_TRUE(reads({"--serve", "-q"}));
    EXPECT_EQ(port, "");
    page_of_all_kinds other;
    ASSERT_TRUE(other.reads({"--serve", "80", "x"}));
    EXPECT_EQ(other.port, "80");
}

TEST_F(command_words, print_instead_of_doing_anything) {
    const std::vector<std::string> given{"-q", "--help", "--bogus"};
    const auto read = read_words(spec, given);
    ASSERT_TRUE(read);
    ASSERT_TRUE(read->prints);
    EXPECT_EQ(read->prints(), "the page\n");
}

TEST_F(command_words, suggest_the_option_that_is_near) {
    EXPECT_EQ(refused({"--quite"}).words, "unknown option '--quite'");
    EXPECT_EQ(refused({"--quite"}).hint, "did you mean --quiet?");
    EXPECT_EQ(refused({"--verb=2"}).hint, "did you mean --verbose?");
    EXPECT_EQ(refused({"--bogus"}).hint, "");
    EXPECT_EQ(refused({"-x"}).words, "unknown option '-x'");
    EXPECT_EQ(refused({"-qx"}).words, "unknown option '-x'");
}

TEST_F(command_words, know_options_of_netcat) {
    EXPECT_NE(refused({"-p", "7000"}).hint.find(":7000"), std::string::npos);
    EXPECT_NE(refused({"--port=7000"}).hint.find(":7000"), std::string::npos);
    EXPECT_NE(refused({"-l"}).hint.find("framewire serve"), std::string::npos);
}

TEST_F(command_words, refuse_what_cannot_be_meant) {
    EXPECT_EQ(refused({"--far"}).words, "--far needs a value: SPEC");
    EXPECT_EQ(refused({"--far", "-q"}).words, "--far needs a value: SPEC");
    EXPECT_EQ(refused({"--far", "-q"}).hint, "if '-q' is its value: --far=-q");
    EXPECT_EQ(refused({"--quiet=yes"}).words, "--quiet takes no value");
    EXPECT_EQ(refused({"--timeout", "soon"}).words.substr(0, 17), "--timeout: 'soon'");
}

TEST_F(command_words, refuse_a_second_value) {
    EXPECT_EQ(refused({"-f1", "--far", "2"}).words, "--far is given twice");
}

TEST_F(command_words, refuse_options_that_exclude_each_other) {
    EXPECT_EQ(refused({"--cuts=1", "-f1"}).words, "--cuts and --far exclude each other");
}

TEST_F(command_words, refuse_words_where_none_are_taken) {
    spec.words = nullptr;
    EXPECT_EQ(refused({"x"}).words, "unexpected word 'x'");
}

}  // namespace
}  // namespace framewire::command_words_tests
