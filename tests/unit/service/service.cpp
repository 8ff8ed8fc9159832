#include "framewire/service/service.hpp"

#include "recording_outbox.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace framewire::service_tests {
namespace {

using done = std::vector<std::string>;
using tests::recording_outbox;

// What the described service does with a payload.
done answers(std::string_view spec, bytes payload) {
    const auto factory = make_service(spec);
    if (!factory) return {factory.error().message()};
    const auto one = (*factory)();
    recording_outbox replies;
    one->receive({.payload = payload}, replies);
    return replies.done();
}

TEST(make_service, reads_echo) {
    EXPECT_EQ(answers("echo", "Hello"), done{"reply Hello"});
    EXPECT_EQ(answers("echo,until=exit", "Hello"), done{"reply Hello"});
    EXPECT_EQ(answers("echo,until=exit", "exit"), (done{"reply exit", "close"}));
    EXPECT_EQ(answers("echo,until=", ""), done{"reply "});
    EXPECT_EQ(answers("echo,until=a,b", "a,b"), (done{"reply a,b", "close"}));
}

TEST(make_service, reads_discard) { EXPECT_EQ(answers("discard", "Hello"), done{}); }

TEST(make_service, reads_reply) {
    EXPECT_EQ(answers("reply:Hi", "Hello"), done{"reply Hi"});
    EXPECT_EQ(answers("reply:", "Hello"), done{"reply "});
    EXPECT_EQ(answers("reply:Goodbye, client!,close", "x"),
              (done{"reply Goodbye, client!", "close"}));
    EXPECT_EQ(answers("reply:,close", "x"), (done{"reply ", "close"}));
    EXPECT_EQ(answers("reply:a:b", "x"), done{"reply a:b"});
    EXPECT_EQ(answers("reply:a,closed", "x"), done{"reply a,closed"});
}

TEST(make_service, reads_acknowledge) {
    EXPECT_EQ(answers("acknowledge", "x"), done{"reply Message received successfully...."});
    EXPECT_EQ(answers("acknowledge:ok", "x"), done{"reply ok"});
    EXPECT_EQ(answers("acknowledge:", "x"), done{"reply "});
    EXPECT_EQ(answers("acknowledge,until=Disconnect !", "Disconnect !"),
              (done{"reply Message received successfully....", "close"}));
    EXPECT_EQ(answers("acknowledge:yes, sir,until=bye", "bye"), (done{"reply yes, sir", "close"}));
}

TEST(make_service, reads_escapes) {
    EXPECT_EQ(answers(R"(reply:\x06\r\u00e9\\)", "x"), done{"reply \x06\r\u00e9\\"});
    EXPECT_EQ(answers(R"(reply:a\x2cclose)", "x"), done{"reply a,close"});
    EXPECT_EQ(answers(R"(acknowledge:\x06,until=\x04)", "\x04"), (done{"reply \x06", "close"}));
    EXPECT_EQ(answers(R"(echo,until=\n)", "\n"), (done{"reply \n", "close"}));
    for (const char* spec :
         {R"(reply:C:\dir)", R"(acknowledge:\q)", R"(acknowledge,until=\q)", R"(echo,until=\)"}) {
        const auto refused = make_service(spec);
        ASSERT_FALSE(refused) << spec;
        EXPECT_NE(refused.error().message().find("this backslash begins no escape"),
                  std::string::npos);
    }
}

TEST(make_service, refuses_everything_else_and_lists_what_there_is) {
    for (const char* spec : {"",
                             ":",
                             "Echo",
                             "echo:",
                             "echo:x",
                             "echo,",
                             "echo,close",
                             "echo,x,until=y",
                             "echo ",
                             " echo",
                             "discard:",
                             "discard,until=x",
                             "reply",
                             "reply,close",
                             "acknowledge,close",
                             "acknowledge,",
                             "acknowledgement",
                             "relay:",
                             "relay,",
                             "relay,overflow=",
                             "relay,overflow=drop",
                             "relay,until=x",
                             "proxy:1"}) {
        const auto refused = make_service(spec);
        ASSERT_FALSE(refused) << spec;
        EXPECT_EQ(refused.error().message(), "'" + std::string(spec) + "' is not a service");
        EXPECT_EQ(refused.error().hint,
                  "echo[,until=TEXT], discard, reply:TEXT[,close], "
                  "acknowledge[:TEXT][,until=TEXT], "
                  "relay[,overflow=close|drop_oldest|drop_newest]");
    }
}

TEST(make_service, makes_a_new_service_for_every_connection) {
    const auto factory = *make_service("echo");
    const auto first = factory();
    const auto second = factory();
    EXPECT_NE(first.get(), second.get());
    recording_outbox replies;
    first->receive({.payload = "ab", .announced = 4, .last = false}, replies);
    (void)replies.done();
    second->receive({.payload = "cd", .announced = 4, .first = false}, replies);
    EXPECT_EQ(replies.done(), done{});
}

TEST(service_from, answers_with_a_function) {
    const auto factory = service_from([](bytes payload, outbox& replies) {
        (void)replies.reply(std::string(payload) + "!");
        replies.close();
    });
    const auto one = factory();
    EXPECT_FALSE(one->streams());
    recording_outbox replies;
    one->receive({.payload = "Hello"}, replies);
    EXPECT_EQ(replies.done(), (done{"reply Hello!", "close"}));
}

TEST(service, does_not_mind_that_an_answer_cannot_be_framed) {
    for (const char* spec : {"echo", "reply:x", "acknowledge"}) {
        const auto one = (*make_service(spec))();
        recording_outbox replies;
        replies.refuses = errc::frame_wrong_size;
        one->receive({.payload = "Hello"}, replies);
        EXPECT_EQ(replies.done(), done{}) << spec;
    }
}

TEST(service, says_nothing_about_what_was_skipped_unless_it_wants_to) {
    for (const char* spec : {"echo", "discard", "reply:x,close", "acknowledge"}) {
        const auto one = (*make_service(spec))();
        recording_outbox replies;
        one->skipped(5, replies);
        EXPECT_EQ(replies.done(), done{}) << spec;
    }
}

}  // namespace
}  // namespace framewire::service_tests
