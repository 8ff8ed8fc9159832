// The end that connected: the same engine, other rules for the end of a connection and for its
// own output.

#include "eventually.hpp"
#include "framewire/net/client.hpp"
#include "net/connect_to.hpp"
#include "net/connection_plan.hpp"
#include "net/event_loop.hpp"
#include "raw_peer.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace framewire::tests::connected_role_tests {
namespace {

/// A service made of functions; ends its loop when the connection is over.
class scripted final : public service {
public:
    struct script {
        std::function<void(outbox&)> opened;
        std::function<void(const piece&, outbox&)> receive = [](const piece&, outbox&) {};
        std::function<void(outbox&)> writable = [](outbox&) {};
        std::function<void(outbox&)> peer_ended = [](outbox& to) { to.close(); };
    };

    scripted(event_loop& loop, const script& does, std::string& ended)
        : loop_(loop), does_(does), ended_(ended) {}

    void opened(const peer& /*who*/, outbox& to) override { does_.opened(to); }
    void receive(const piece& message, outbox& to) override { does_.receive(message, to); }
    void writable(outbox& to) override { does_.writable(to); }
    void peer_ended(outbox& to) override { does_.peer_ended(to); }
    void left(const close_reason& why) override {
        ended_ = why.error == nullptr ? "" : error_name(why.error->code);
        loop_.finish();
    }
    [[nodiscard]] bool streams() const noexcept override { return true; }

private:
    event_loop& loop_;
    const script& does_;
    std::string& ended_;
};

/// Connects, and returns the name of the error that the connection ended with.
std::string run(const raw_peer& to, const scripted::script& does, limits bounds = {}) {
    auto socket = connect_to(*address::parse(to.where()), test_timeout);
    if (!socket) throw std::runtime_error(socket.error().message());
    const auto loop = std::make_unique<event_loop>();
    std::string ended;
    const auto plan = std::make_shared<connection_plan>(
        *framing::parse("digits:10"), bounds,
        [&] { return std::make_unique<scripted>(*loop, does, ended); }, nullptr,
        connection_role::connected);
    EXPECT_TRUE(loop->open(plan, {std::move(*socket)}));
    loop->run();
    return ended;
}

TEST(connected_role, a_part_of_a_frame_never_looks_whole) {
    raw_peer peer([](raw_socket& one) { EXPECT_EQ(one.receive_to_end().how, ending::reset); });
    run(peer, {.opened = [](outbox& to) {
            EXPECT_TRUE(to.begin(11));
            EXPECT_TRUE(to.append("Hello"));
            to.close();
        }});
    peer.finish();
}

TEST(connected_role, a_frame_that_is_ended_is_no_reason_to_reset) {
    raw_peer peer([](raw_socket& one) {
        const auto words = one.receive_to_end();
        EXPECT_EQ(words.received, digits_frame("Hello"));
        EXPECT_EQ(words.how, ending::eof);
    });
    run(peer, {.opened = [](outbox& to) {
            EXPECT_TRUE(to.begin(5));
            EXPECT_TRUE(to.append("Hello"));
            EXPECT_TRUE(to.end());
            to.close();
        }});
    peer.finish();
}

// A peer that takes nothing until its own words are taken: both ends send first.
TEST(connected_role, reads_while_its_own_output_is_full) {
    const std::string large(8 * MiB, 'x');
    raw_peer peer([&](raw_socket& one) {
        one.send(digits_frame(large));
        EXPECT_EQ(one.receive(large.size() + 10).size(), large.size() + 10);
    });
    std::size_t received = 0;
    run(peer,
        {.opened = [&](outbox& to) { EXPECT_TRUE(to.reply(large)); },
         .receive = [&](const piece& message, outbox&) { received += message.payload.size(); }});
    EXPECT_EQ(received, large.size());
    peer.finish();
}

TEST(connected_role, receives_after_it_has_ended_its_stream) {
    raw_peer peer([](raw_socket& one) {
        EXPECT_EQ(one.receive_to_end().received, digits_frame("Hello"));
        one.send(digits_frame("too") + digits_frame("late"));
    });
    std::string received;
    run(peer, {.opened =
                   [](outbox& to) {
                       EXPECT_TRUE(to.reply("Hello"));
                       to.shutdown_send();
                   },
               .receive = [&](const piece& message,
                              outbox&) { received += std::string(message.payload) + ";"; }});
    EXPECT_EQ(received, "too;late;");
    peer.finish();
}

TEST(connected_role, writable_tells_when_there_is_room_again) {
    constexpr int frames = 64;
    const std::string payload(64 * KiB, 'x');
    raw_peer peer([&](raw_socket& one) {
        EXPECT_EQ(one.receive_to_end().received.size(), frames * (payload.size() + 10));
    });
    int sent = 0;
    int most_queued = 0;
    const auto fill = [&](outbox& to) {
        for (; sent < frames && !to.full(); ++sent) EXPECT_TRUE(to.reply(payload));
        most_queued = std::max(most_queued, static_cast<int>(to.queued()));
        if (sent == frames) to.close();
    };
    run(peer, {.opened = fill, .writable = fill});
    EXPECT_EQ(sent, frames);
    EXPECT_LT(most_queued, static_cast<int>(limits{}.queued_bytes_max + 2 * payload.size()));
    peer.finish();
}

TEST(connected_role, gives_up_a_peer_that_takes_nothing) {
    gate given_up;
    raw_peer peer([&](raw_socket& one) {
        given_up.pass();
        EXPECT_EQ(one.receive_to_end().how, ending::reset);
    });
    limits bounds;
    bounds.write_deadline = std::chrono::milliseconds(100);
    EXPECT_EQ(
        run(peer,
            {.opened = [](outbox& to) { EXPECT_TRUE(to.reply(std::string(32 * MiB, 'x'))); }},
            bounds),
        "io.timeout_write");
    given_up.open();
    peer.finish();
}

}  // namespace
}  // namespace framewire::tests::connected_role_tests
