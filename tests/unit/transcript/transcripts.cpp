// Every file in tests/transcripts is a test: its name is the test's.

#include "framewire/transcript/replay.hpp"
#include "framewire/transcript/transcript.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace framewire::transcripts_tests {
namespace {

std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator(FRAMEWIRE_TRANSCRIPTS)) {
        if (file.path().extension() == ".transcript") found.push_back(file.path().stem());
    }
    std::ranges::sort(found);
    return found;
}

std::string text_of(const std::string& name) {
    std::ifstream file(FRAMEWIRE_TRANSCRIPTS "/" + name + ".transcript", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class transcripts : public testing::TestWithParam<std::string> {};

TEST_P(transcripts, says_the_same_however_it_is_cut) {
    const auto conversation = transcript::parse(text_of(GetParam()));
    ASSERT_TRUE(conversation) << conversation.error().message();
    const auto same = replay_every_way(*conversation);
    EXPECT_TRUE(same) << same.error().message();
}

TEST_P(transcripts, says_first_what_it_shows) {
    EXPECT_TRUE(text_of(GetParam()).starts_with("# "));
}

// A transcript whose session may say anything would pass for ever.
TEST_P(transcripts, fails_when_any_of_its_events_is_left_out) {
    const auto conversation = transcript::parse(text_of(GetParam()));
    ASSERT_TRUE(conversation) << conversation.error().message();
    for (std::size_t i = 0; i < conversation->lines.size(); ++i) {
        if (conversation->lines[i].what != transcript_line::kind::event) continue;
        auto shortened = *conversation;
        shortened.lines.erase(shortened.lines.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_FALSE(replay(shortened, as_written{})) << conversation->lines[i].number;
    }
}

INSTANTIATE_TEST_SUITE_P(files, transcripts, testing::ValuesIn(names()),
                         [](const auto& test) { return test.param; });

TEST(transcripts, are_there) {
    EXPECT_GE(names().size(), 30U);
    for (const char* name : {"walkthrough", "greeting", "echo_raw", "acknowledge"}) {
        EXPECT_TRUE(std::ranges::binary_search(names(), name)) << name;
    }
}

}  // namespace
}  // namespace framewire::transcripts_tests
