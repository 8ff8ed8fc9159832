// Connections whose service does not want to be called for a while, or not to stop yet.

#include "eventually.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace framewire::tests::pausing_tests {
namespace {

// What a service has to say, for the thread of the test.
struct shared_state {
    std::atomic<bool> opened{false};
    std::atomic<bool> stopping{false};
    std::atomic<bool> left{false};
    std::optional<errc> error;  // read once it has left
    peer_handle handle;         // read once it is open
};

// Echoes, but is paused until the test resumes it; and if it `closes`, only that ends it.
class reluctant final : public service {
public:
    reluctant(std::shared_ptr<shared_state> state, bool closes)
        : state_(std::move(state)), closes_(closes) {}

    void opened(const peer& /*who*/, outbox& replies) override {
        state_->handle = replies.handle();
        if (!closes_) replies.pause();
        state_->opened = true;
    }
    void receive(const piece& message, outbox& replies) override {
        (void)replies.reply(message.payload);
    }
    bool stopping(outbox& replies) override {
        (void)replies.reply("stopping");
        state_->stopping = true;
        return closes_;
    }
    void left(const close_reason& why) override {
        if (why.error != nullptr) state_->error = why.error->code;
        state_->left = true;
    }

private:
    std::shared_ptr<shared_state> state_;
    bool closes_;
};

serving serves(const std::shared_ptr<shared_state>& state, bool closes) {
    return {.service = [state, closes] { return std::make_unique<reluctant>(state, closes); }};
}

bool comes(const std::atomic<bool>& flag) {
    return eventually([&] { return flag.load(); });
}

TEST(paused_connection, notices_a_reset) {
    const auto state = std::make_shared<shared_state>();
    const running_server serving({}, serves(state, false));
    auto peer = serving.connect();
    ASSERT_TRUE(comes(state->opened));
    peer.send(digits_frame("unread"));
    peer.reset();
    ASSERT_TRUE(comes(state->left));
    EXPECT_EQ(state->error, errc::io_reset);
    EXPECT_TRUE(serving.comes_to_have_open(0));
}

TEST(paused_connection, reads_what_a_peer_sent_before_it_ended_its_stream) {
    const auto state = std::make_shared<shared_state>();
    const running_server serving({}, serves(state, false));
    auto peer = serving.connect();
    ASSERT_TRUE(comes(state->opened));
    peer.send(digits_frame("a") + digits_frame("b"));
    peer.send_end();
    state->handle.post([](outbox& replies) { replies.resume(); });
    EXPECT_EQ(peer.receive_to_end().received, digits_frame("a") + digits_frame("b"));
    ASSERT_TRUE(comes(state->left));
    EXPECT_EQ(state->error, std::nullopt);
}

TEST(stopping_service, answers_and_closes_when_it_likes) {
    const auto state = std::make_shared<shared_state>();
    running_server serving({}, serves(state, true));
    auto peer = serving.connect();
    EXPECT_EQ(peer.request("a"), digits_frame("a"));
    serving.stop();
    ASSERT_TRUE(comes(state->stopping));
    peer.send(digits_frame("b"));
    const auto both = digits_frame("stopping") + digits_frame("b");
    EXPECT_EQ(peer.receive(both.size()), both);
    state->handle.close();
    EXPECT_EQ(peer.receive_to_end().received, "");
    EXPECT_TRUE(serving.ends_within(std::chrono::seconds(10)));
    EXPECT_EQ(state->error, std::nullopt);
}

TEST(stopping_service, is_not_waited_for_longer_than_the_time_to_drain) {
    const auto state = std::make_shared<shared_state>();
    running_server serving({.drain = std::chrono::milliseconds(100)}, serves(state, true));
    auto peer = serving.connect();
    EXPECT_EQ(peer.request("a"), digits_frame("a"));
    serving.stop();
    EXPECT_TRUE(serving.ends_within(std::chrono::seconds(10)));
    EXPECT_TRUE(state->stopping);
    EXPECT_TRUE(state->left);
}

TEST(stopping_service, that_does_not_close_is_closed) {
    const auto state = std::make_shared<shared_state>();
    running_server serving({}, serves(state, false));
    auto peer = serving.connect();
    ASSERT_TRUE(comes(state->opened));
    state->handle.post([](outbox& replies) { replies.resume(); });
    EXPECT_EQ(peer.request("a"), digits_frame("a"));
    serving.stop();
    EXPECT_EQ(peer.receive_to_end().received, digits_frame("stopping"));
    EXPECT_TRUE(serving.ends_within(std::chrono::seconds(10)));
}

}  // namespace
}  // namespace framewire::tests::pausing_tests
