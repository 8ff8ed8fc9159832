// Replies that are queued where they were received, through a real server.

#include "framewire/codec/framing.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace framewire::tests::lending_tests {
namespace {

std::string encoded(std::string_view spec, bytes payload) {
    std::string out;
    if (!framing::parse(spec)->encode(payload, out)) throw std::runtime_error("cannot be framed");
    return out;
}

std::string frames(std::string_view spec, std::size_t count, std::size_t payload_bytes) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        auto payload = std::to_string(i);
        payload.resize(payload_bytes, static_cast<char>('a' + i % 26));
        out += encoded(spec, payload);
    }
    return out;
}

class lending : public testing::TestWithParam<std::string_view> {};

// The reader waits until the server owes it more than one read could have brought. The rest then
// comes in whatever portions the system makes of it.
TEST_P(lending, echoes_to_a_slow_reader_byte_for_byte) {
    const running_server serving({.limits = {.queued_bytes_max = 1 * MiB}},
                                 {.framing = GetParam()});
    auto one = serving.connect(4 * KiB);
    const auto sent = frames(GetParam(), 8000, 1000);
    std::thread sender([&] {
        one.send(sent);
        one.send_end();
    });
    EXPECT_TRUE(eventually([&] {
        const auto counts = serving.statistics();
        return counts.bytes_received >= counts.bytes_sent + 512 * KiB;
    }));
    const auto words = one.receive_to_end();
    sender.join();
    EXPECT_TRUE(words.received == sent) << words.received.size() << " of " << sent.size();
    EXPECT_EQ(words.how, ending::eof);
}

// Sends whole frames, so few that one read takes them, until replies are left over; the buffer
// that they were received into then serves another connection.
TEST_P(lending, keeps_what_a_peer_has_not_taken) {
    const running_server serving({}, {.framing = GetParam()});
    auto slow = serving.connect();
    auto other = serving.connect();
    const auto part = frames(GetParam(), 8, 1000);
    std::string between;
    while (between.size() < part.size()) between += encoded(GetParam(), std::string(1000, '!'));
    std::string sent;
    std::uint64_t all = 0;
    const auto ask_other = [&] {
        other.send(between);
        EXPECT_EQ(other.receive(between.size()), between);
        all += between.size();
    };
    // What was sent last may not be counted yet.
    const auto owes = [&] { return serving.statistics().bytes_sent + between.size() < all; };
    while (!owes() && sent.size() < 64 * MiB) {
        slow.send(part);
        sent += part;
        all += part.size();
        ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_received == all; }));
        // Its turn comes after the one that has just received.
        ask_other();
    }
    ASSERT_TRUE(owes());
    for (int i = 0; i < 10; ++i) ask_other();
    EXPECT_TRUE(slow.receive(sent.size()) == sent);
}

INSTANTIATE_TEST_SUITE_P(framings, lending,
                         testing::Values("digits:10", "u32be", "netstring", "line", "mllp",
                                         "fixed:1000"));

// What one service answers to `requests` that arrive together.
std::string answered(answer_function answer, std::string_view requests) {
    const running_server serving({}, {.service = service_from(std::move(answer))});
    auto one = serving.connect();
    one.send(requests);
    one.send_end();
    return one.receive_to_end().received;
}

TEST(lending_services, reply_the_same_payload_twice) {
    const auto twice = [](bytes payload, outbox& replies) {
        EXPECT_TRUE(replies.reply(payload));
        EXPECT_TRUE(replies.reply(payload));
    };
    const auto a = digits_frame("first");
    const auto b = digits_frame("second");
    EXPECT_EQ(answered(twice, a + b), a + a + b + b);
}

TEST(lending_services, reply_a_part) {
    const auto part = [](bytes payload, outbox& replies) {
        EXPECT_TRUE(replies.reply(payload.substr(0, 3)));
        EXPECT_TRUE(replies.reply(payload.substr(1)));
        EXPECT_TRUE(replies.reply(payload));
    };
    EXPECT_EQ(answered(part, digits_frame("abcd") + digits_frame("efgh")),
              digits_frame("abc") + digits_frame("bcd") + digits_frame("abcd") +
                  digits_frame("efg") + digits_frame("fgh") + digits_frame("efgh"));
}

TEST(lending_services, reply_and_close) {
    const auto once = [](bytes payload, outbox& replies) {
        EXPECT_TRUE(replies.reply(payload));
        replies.close();
    };
    EXPECT_EQ(answered(once, digits_frame("last") + digits_frame("too late")),
              digits_frame("last"));
}

TEST(lending_services, reply_what_they_have_kept) {
    const auto previous = [kept = std::make_shared<std::string>("none")](bytes payload,
                                                                         outbox& replies) {
        EXPECT_TRUE(replies.reply(*kept));
        *kept = payload;
    };
    EXPECT_EQ(answered(previous, digits_frame("a") + digits_frame("b") + digits_frame("c")),
              digits_frame("none") + digits_frame("a") + digits_frame("b"));
}

TEST(lending_services, reply_in_pieces_between_whole_replies) {
    const auto mixed = [](bytes payload, outbox& replies) {
        EXPECT_TRUE(replies.reply(payload));
        EXPECT_TRUE(replies.begin(payload.size()));
        EXPECT_TRUE(replies.append(payload));
        EXPECT_TRUE(replies.end());
        EXPECT_TRUE(replies.reply(payload));
    };
    const auto a = digits_frame("first");
    const auto b = digits_frame("second");
    EXPECT_EQ(answered(mixed, a + b), a + a + a + b + b + b);
}

// Turn by turn, so that frames lie where others have lain: an order that is lost shows here.
TEST(lending_services, keep_the_order_of_what_is_lent_and_what_is_not) {
    const running_server serving({}, {.service = service_from([](bytes payload, outbox& replies) {
                                          const bool own = payload.front() == 'x';
                                          EXPECT_TRUE(replies.reply(own ? "other" : payload));
                                      })});
    auto one = serving.connect();
    const auto lent = digits_frame("a....");
    const auto other = digits_frame("x....");
    for (const auto& [request, reply] : {
             std::pair(lent, lent),
             std::pair(other + lent, digits_frame("other") + lent),
             std::pair(lent + other + lent, lent + digits_frame("other") + lent),
             std::pair(lent + lent, lent + lent),
             std::pair(other + other + lent, digits_frame("other") + digits_frame("other") + lent),
         }) {
        one.send(request);
        EXPECT_EQ(one.receive(reply.size()), reply) << request;
    }
}

}  // namespace
}  // namespace framewire::tests::lending_tests
