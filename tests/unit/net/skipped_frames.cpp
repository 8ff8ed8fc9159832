#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace framewire::tests::skipped_frames_tests {
namespace {

// Echoes, and answers what was too large with its size.
class size_teller final : public service {
public:
    void receive(const piece& message, outbox& replies) override {
        (void)replies.reply(message.payload);
    }
    void skipped(std::uint64_t size, outbox& replies) override {
        (void)replies.reply(std::to_string(size));
        if (size == 8) replies.close();
    }
};

serving size_tellers(std::string_view framing) {
    return {.framing = framing, .service = [] { return std::make_unique<size_teller>(); }};
}

TEST(skipped_frames, can_be_answered_in_their_order) {
    const running_server serving({}, size_tellers("line,max=6,oversize=skip"));
    auto one = serving.connect();
    one.send("ab\nabcdefg\ncd\r\n" + std::string(100'000, 'x') + "\nef\n");
    const std::string answers = "ab\n7\ncd\n100000\nef\n";
    EXPECT_EQ(one.receive(answers.size()), answers);
    const auto counts = serving.statistics();
    EXPECT_EQ(counts.skipped, 2U);
    EXPECT_EQ(counts.frames, 3U);
    EXPECT_EQ(counts.open, 1U);
}

TEST(skipped_frames, may_be_the_last_that_is_answered) {
    const running_server serving({}, size_tellers("netstring,max=5,oversize=skip"));
    auto one = serving.connect();
    one.send("8:abcdefgh,2:ab,");
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received, "1:8,");
    EXPECT_EQ(words.how, ending::eof);
    one.close();
    EXPECT_TRUE(serving.comes_to_have_open(0));
}

TEST(skipped_frames, are_told_to_the_observer_before_the_service_answers) {
    recording_observer observer;
    const running_server serving({.observer = &observer},
                                 size_tellers("mllp,max=2,oversize=skip"));
    auto one = serving.connect();
    one.send(
        "\x0B"
        "abc\x1C\r");
    EXPECT_EQ(one.receive(4),
              "\x0B"
              "3\x1C\r");
    EXPECT_TRUE(observer.has("skipped 1 3 at 0"));
    EXPECT_EQ(observer.count("frame"), 0U);
}

}  // namespace
}  // namespace framewire::tests::skipped_frames_tests
