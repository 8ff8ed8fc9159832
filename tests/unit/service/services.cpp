#include "framewire/service/services.hpp"

#include "recording_outbox.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace framewire::services_tests {
namespace {

using done = std::vector<std::string>;
using tests::recording_outbox;

done answers(service& one, const piece& message) {
    recording_outbox replies;
    one.receive(message, replies);
    return replies.done();
}

done answers(service& one, bytes payload) { return answers(one, {.payload = payload}); }

TEST(echo, sends_every_payload_back) {
    echo one;
    EXPECT_TRUE(one.streams());
    EXPECT_EQ(answers(one, "Hello"), done{"reply Hello"});
    EXPECT_EQ(answers(one, ""), done{"reply "});
    EXPECT_EQ(answers(one, bytes("\0\xFF", 2)), done{std::string("reply \0\xFF", 8)});
}

TEST(echo, an_idle_frame_is_not_an_empty_payload) {
    echo one;
    EXPECT_EQ(answers(one, {.announced = 0, .idle = true, .field = 2}), done{"idle 2"});
}

TEST(echo, answers_its_last_payload_before_it_closes) {
    echo one("exit");
    EXPECT_EQ(answers(one, "exit "), done{"reply exit "});
    EXPECT_EQ(answers(one, "EXIT"), done{"reply EXIT"});
    EXPECT_EQ(answers(one, "exit"), (done{"reply exit", "close"}));
}

TEST(echo, an_empty_payload_is_not_the_last_one) {
    echo one;
    EXPECT_EQ(answers(one, ""), done{"reply "});
}

TEST(echo, hands_pieces_on_as_they_come) {
    echo one;
    const auto part = [](bytes payload, bool first, bool last) {
        return piece{.payload = payload, .announced = 6, .first = first, .last = last};
    };
    EXPECT_EQ(answers(one, part("ab", true, false)), (done{"begin 6", "append ab"}));
    EXPECT_EQ(answers(one, part("cd", false, false)), done{"append cd"});
    EXPECT_EQ(answers(one, part("ef", false, true)), (done{"append ef", "end"}));
    EXPECT_EQ(answers(one, part("", true, false)), (done{"begin 6", "append "}));
    EXPECT_EQ(answers(one, part("", false, true)), (done{"append ", "end"}));
    EXPECT_EQ(answers(one, "Hello"), done{"reply Hello"});
}

TEST(echo, appends_nothing_to_a_frame_that_was_not_begun) {
    echo one;
    recording_outbox replies;
    replies.refuses = errc::frame_too_large;
    one.receive({.payload = "ab", .announced = 6, .last = false}, replies);
    one.receive({.payload = "cd", .announced = 6, .first = false, .last = false}, replies);
    one.receive({.payload = "ef", .announced = 6, .first = false}, replies);
    EXPECT_EQ(replies.done(), done{});
    replies.refuses.reset();
    one.receive({.payload = "ab", .announced = 6, .last = false}, replies);
    EXPECT_EQ(replies.done(), (done{"begin 6", "append ab"}));
}

TEST(echo, hands_on_pieces_whose_length_nobody_knows) {
    echo one;
    EXPECT_EQ(answers(one, {.payload = "ab", .last = false}),
              (done{"begin " + std::to_string(unknown_length), "append ab"}));
    EXPECT_EQ(answers(one, {.payload = "", .first = false}), (done{"append ", "end"}));
}

TEST(echo, a_piece_that_equals_its_last_payload_is_not_the_last) {
    echo one("exit");
    EXPECT_EQ(answers(one, {.payload = "exit", .announced = 8, .last = false}),
              (done{"begin 8", "append exit"}));
    EXPECT_EQ(answers(one, {.payload = "exit", .announced = 8, .first = false}),
              (done{"append exit", "end"}));
}

TEST(discard, answers_nothing) {
    discard one;
    EXPECT_TRUE(one.streams());
    EXPECT_EQ(answers(one, "Hello"), done{});
    EXPECT_EQ(answers(one, {.payload = "Hel", .announced = 5, .last = false}), done{});
}

TEST(reply_with, answers_everything_alike) {
    reply_with one("Goodbye, client!", false);
    EXPECT_FALSE(one.streams());
    EXPECT_EQ(answers(one, "Hello"), done{"reply Goodbye, client!"});
    EXPECT_EQ(answers(one, "you"), done{"reply Goodbye, client!"});
}

TEST(reply_with, closes_after_its_answer) {
    reply_with one("Goodbye, client!", true);
    EXPECT_EQ(answers(one, "Hello"), (done{"reply Goodbye, client!", "close"}));
}

TEST(acknowledge, confirms_every_payload) {
    acknowledge one;
    EXPECT_TRUE(one.streams());
    EXPECT_EQ(acknowledge::default_text.size(), 33U);
    EXPECT_EQ(answers(one, "Hello"), done{"reply Message received successfully...."});
    EXPECT_EQ(answers(one, ""), done{"reply Message received successfully...."});
}

TEST(acknowledge, confirms_nothing_before_it_has_all_arrived) {
    acknowledge one("ok");
    EXPECT_EQ(answers(one, {.payload = "a", .announced = 3, .last = false}), done{});
    EXPECT_EQ(answers(one, {.payload = "b", .announced = 3, .first = false, .last = false}),
              done{});
    EXPECT_EQ(answers(one, {.payload = "c", .announced = 3, .first = false}), done{"reply ok"});
}

TEST(acknowledge, confirms_its_last_payload_before_it_closes) {
    acknowledge one("ok", "Disconnect !");
    EXPECT_EQ(answers(one, "Disconnect"), done{"reply ok"});
    EXPECT_EQ(answers(one, "Disconnect !"), (done{"reply ok", "close"}));
}

}  // namespace
}  // namespace framewire::services_tests
