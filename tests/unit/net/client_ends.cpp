// A server that closes or resets after every byte of a conversation: each call fails with the
// stream's error, and nothing hangs.

#include "connected_client.hpp"
#include "raw_peer.hpp"

#include <gtest/gtest.h>
#include <future>
#include <string>
#include <vector>

namespace framewire::tests::client_ends_tests {
namespace {

const std::string request_frame = digits_frame("ask");
const std::string reply_frame = digits_frame("reply");

bool is_between_frames(std::size_t sent) { return sent % reply_frame.size() == 0; }

// Three requests, of which the peer answers as many bytes as `sent` of the replies.
std::vector<client::reply> asked_of_a_peer_that_sends(std::size_t sent, bool resets) {
    raw_peer peer([&](raw_socket& one) {
        (void)one.receive(3 * request_frame.size());
        one.send((reply_frame + reply_frame + reply_frame).substr(0, sent));
        if (resets) one.reset();
    });
    auto one = connected(peer.where());
    std::vector<std::future<client::reply>> later;
    for (int i = 0; i < 3; ++i) later.push_back(one.request_later("ask"));
    std::vector<client::reply> all;
    for (auto& reply : later) all.push_back(reply.get());
    all.push_back(one.request("ask"));
    EXPECT_FALSE(one.usable() && sent < 3 * reply_frame.size());
    return all;
}

TEST(client_ends, after_every_byte) {
    for (std::size_t sent = 0; sent <= 3 * reply_frame.size(); ++sent) {
        SCOPED_TRACE(sent);
        const auto all = asked_of_a_peer_that_sends(sent, false);
        const auto whole = sent / reply_frame.size();
        const auto error = is_between_frames(sent) ? errc::io_closed : errc::frame_truncated;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i < whole) {
                EXPECT_EQ(text_of(all[i]), "reply");
            } else {
                EXPECT_EQ(code_of(all[i]), error) << text_of(all[i]);
            }
        }
    }
}

// A reset may overtake what was sent before it.
TEST(client_ends, with_a_reset_after_every_byte) {
    for (std::size_t sent = 0; sent <= 3 * reply_frame.size(); ++sent) {
        SCOPED_TRACE(sent);
        const auto all = asked_of_a_peer_that_sends(sent, true);
        bool is_over = false;
        for (const auto& reply : all) {
            EXPECT_EQ(reply.value_or("reply"), "reply");
            EXPECT_FALSE(is_over && reply) << "a reply came after the end";
            is_over = is_over || !reply;
        }
        EXPECT_EQ(code_of(all.back()), errc::io_reset) << text_of(all.back());
    }
}

TEST(client_ends, blocking_calls_fail_alike) {
    for (std::size_t sent = 0; sent < reply_frame.size(); ++sent) {
        raw_peer peer([&](raw_socket& one) {
            (void)one.receive(request_frame.size());
            one.send(reply_frame.substr(0, sent));
        });
        auto one = connected(peer.where());
        const auto error = sent == 0 ? errc::io_closed : errc::frame_truncated;
        EXPECT_EQ(code_of(one.request("ask")), error);
        EXPECT_EQ(code_of(one.request("ask")), error);
        EXPECT_EQ(code_of(one.receive()), error);
        EXPECT_FALSE(one.usable());
    }
}

}  // namespace
}  // namespace framewire::tests::client_ends_tests
