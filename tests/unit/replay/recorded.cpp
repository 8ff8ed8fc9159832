#include "replay/recorded.hpp"

#include "captured_talk.hpp"
#include "scratch_path.hpp"

#include <gtest/gtest.h>
#include <fstream>
#include <string>

namespace framewire::tests::recorded_tests {
namespace {

// The number of lines that were read, or why none were.
std::string lines_of(const std::string& content, std::uint64_t bytes_max) {
    const scratch_path path("recorded");
    std::ofstream(path.text(), std::ios::binary) << content;
    const auto read = read_recorded(
        path.text(),
        {.framing_for = [] { return framing::parse("line").value(); }, .bytes_max = bytes_max});
    return read ? std::to_string(read->lines.size())
                : read.error().message().substr(read.error().message().rfind(": ") + 1);
}

TEST(recorded, holds_captures_up_to_a_size) {
    captured_talk talk;
    talk.open();
    for (std::uint32_t i = 0; i < 20; ++i) talk.client(i * 100, std::string(100, 'x'));
    const std::uint64_t size = 20 * (sizeof(timed_line) + 100);
    EXPECT_EQ(lines_of(talk.file(), size), "20");
    EXPECT_EQ(lines_of(talk.file(), size - 1),
              "the streams have more than " + format_size(size - 1) + ", which is held in memory");
}

TEST(recorded, holds_transcripts_up_to_a_size) {
    const std::string text = "framing line\n< \"Hello\\n\"\n";
    EXPECT_EQ(lines_of(text, text.size()), "1");
    EXPECT_EQ(lines_of(text, text.size() - 1), " it is larger than 24");
}

}  // namespace
}  // namespace framewire::tests::recorded_tests
