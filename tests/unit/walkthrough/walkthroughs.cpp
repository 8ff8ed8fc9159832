// Every file in tests/cli/walkthroughs, behind its command, replays as a transcript among the
// tests does.

#include "framewire/transcript/replay.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace framewire::walkthroughs_tests {
namespace {

constexpr const char* folder = FRAMEWIRE_TRANSCRIPTS "/../cli/walkthroughs";

std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        found.push_back(file.path().stem());
    }
    std::ranges::sort(found);
    return found;
}

transcript conversation_of(const std::string& name) {
    std::ifstream file(folder + ("/" + name) + ".txt", std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    text.erase(0, text.find('\n') + 1);
    auto parsed = transcript::parse(text);
    EXPECT_TRUE(parsed) << parsed.error().message();
    return std::move(*parsed);
}

class walkthroughs : public testing::TestWithParam<std::string> {};

// The words of an error may rest on fewer bytes than those of the whole stream.
void drop_words_of_errors(transcript& conversation) {
    for (auto& line : conversation.lines) {
        const bool is_error =
            line.what == transcript_line::kind::event && line.text.starts_with("failed ");
        if (is_error) line.text.erase(line.text.find(": "));
    }
}

TEST_P(walkthroughs, say_the_same_however_they_are_cut) {
    auto conversation = conversation_of(GetParam());
    const auto chunks = std::ranges::count(conversation.lines, transcript_line::kind::from_peer,
                                           &transcript_line::what);
    if (chunks > 1) drop_words_of_errors(conversation);
    const auto same = replay_every_way(conversation);
    EXPECT_TRUE(same) << same.error().message();
}

INSTANTIATE_TEST_SUITE_P(files, walkthroughs, testing::ValuesIn(names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace framewire::walkthroughs_tests
