#include "failing_calls.hpp"
#include "masking_transport.hpp"
#include "recording_observer.hpp"
#include "running_loop.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace framewire::tests::transports_tests {
namespace {

using std::chrono::milliseconds;

const std::string hello(masking_transport::hello);

struct plan_of {
    limits bounds{};
    service_factory service = service_named("echo");
    connection_role role = connection_role::accepted;
    std::optional<endpoint> remote{};
    milliseconds allowance{5000};
};

// Connections whose bytes are masked, and what their observer was notified of.
class masking_loop {
public:
    explicit masking_loop(const plan_of& what = {})
        : plan_(std::make_shared<connection_plan>(*framing::parse("digits:10"), what.bounds,
                                                  what.service, &observer, what.role)) {
        plan_->make_transport = [remote = what.remote, allowance = what.allowance] {
            return remote ? std::make_unique<masking_transport>(*remote)
                          : std::make_unique<masking_transport>(allowance);
        };
    }

    [[nodiscard]] raw_socket open() { return running.open(plan_); }
    [[nodiscard]] bool comes_to_have_open(std::size_t count) const {
        return eventually([&] { return plan_->open == count; });
    }
    // What happened, without batches and bytes, which depend on timing.
    [[nodiscard]] std::vector<std::string> seen() const {
        auto all = observer.lines();
        std::erase_if(all, [](const std::string& line) {
            return line == "turn" || line.starts_with("bytes") || line.starts_with("sent");
        });
        return all;
    }
    [[nodiscard]] std::uint64_t failures(errc code) {
        return running.loop().counters().failures.at(static_cast<std::size_t>(code));
    }

    recording_observer observer;

private:
    std::shared_ptr<connection_plan> plan_;

public:
    running_loop running;
};

using lines = std::vector<std::string>;

TEST(transports, carry_a_conversation) {
    masking_loop masking;
    auto peer = masking.open();
    EXPECT_EQ(peer.receive(hello.size()), hello);
    const auto frame = digits_frame("Hello");
    peer.send(masked(frame, false));
    EXPECT_EQ(unmasked(hello + peer.receive(frame.size())), frame);
    peer.send(std::string(1, masking_transport::end_mark));
    const auto [rest, how] = peer.receive_to_end();
    EXPECT_EQ(rest, std::string(1, masking_transport::end_mark));
    EXPECT_EQ(how, ending::eof);
    peer.close();
    EXPECT_TRUE(masking.comes_to_have_open(0));
    EXPECT_EQ(masking.seen(),
              (lines{"opened 1", "frame 1 Hello at 0", "ended 1", "closed 1 by_peer"}));
    EXPECT_EQ(masking.observer.count("bytes 1 15"), 1U);
    EXPECT_EQ(masking.observer.count("sent 1 15"), 1U);
}

// Whatever part of the handshake or of a frame comes first.
TEST(transports, the_split_does_not_matter) {
    const auto stream = digits_frame("one") + digits_frame("") + digits_frame("three");
    const auto wire = masked(stream);
    for (std::size_t at = 0; at <= wire.size(); ++at) {
        masking_loop masking;
        auto peer = masking.open();
        peer.send(wire.substr(0, at));
        ASSERT_TRUE(masking.running.comes_to_receive(at));
        peer.send(wire.substr(at));
        const auto [all, how] = peer.receive_to_end();
        EXPECT_EQ(unmasked(all), stream) << "split at " << at;
        EXPECT_EQ(how, ending::eof);
        peer.close();
        EXPECT_TRUE(masking.comes_to_have_open(0));
        EXPECT_EQ(masking.seen(), (lines{"opened 1", "frame 1 one at 0", "frame 1  at 13",
                                         "frame 1 three at 23", "ended 1", "closed 1 by_peer"}));
    }
}

TEST(transports, byte_by_byte_in_both_directions) {
    const failing_calls_end end;
    move_at_most(1);
    masking_loop masking;
    auto peer = masking.open();
    const auto stream = digits_frame("Hello") + digits_frame("again");
    peer.send(masked(stream));
    EXPECT_EQ(unmasked(peer.receive_to_end().received), stream);
    EXPECT_EQ(masking.observer.count("sent 1 1"), stream.size());
}

TEST(transports, nobody_learns_of_a_connection_before_it_is_established) {
    masking_loop masking;
    auto peer = masking.open();
    for (std::size_t i = 0; i + 1 < hello.size(); ++i) {
        peer.send(hello.substr(i, 1));
        ASSERT_TRUE(masking.running.comes_to_receive(i + 1));
    }
    masking.running.settle();
    EXPECT_TRUE(masking.observer.lines().empty());
    peer.send(hello.substr(hello.size() - 1));
    EXPECT_TRUE(eventually([&] { return masking.observer.has("opened 1"); }));
}

TEST(transports, a_peer_that_ends_inside_the_handshake_is_refused) {
    for (std::size_t sent = 0; sent < hello.size(); ++sent) {
        masking_loop masking;
        auto peer = masking.open();
        peer.send(hello.substr(0, sent));
        peer.send_end();
        EXPECT_EQ(peer.receive_to_end().received, hello);
        peer.close();
        ASSERT_TRUE(masking.comes_to_have_open(0));
        EXPECT_EQ(masking.seen(), (lines{"refused frame.syntax"}));
        EXPECT_EQ(masking.failures(errc::frame_syntax), 1U);
    }
}

TEST(transports, another_transport_is_refused) {
    masking_loop masking;
    auto peer = masking.open();
    peer.send(digits_frame("plain"));
    EXPECT_EQ(peer.receive_to_end().received, hello);
    peer.close();
    ASSERT_TRUE(masking.comes_to_have_open(0));
    EXPECT_EQ(masking.seen(), (lines{"refused frame.syntax"}));
}

TEST(transports, a_handshake_has_a_deadline) {
    masking_loop masking({.allowance = milliseconds(60)});
    auto peer = masking.open();
    peer.send(hello.substr(0, 3));
    EXPECT_EQ(peer.receive_to_end().received, hello);
    peer.close();
    ASSERT_TRUE(masking.comes_to_have_open(0));
    EXPECT_EQ(masking.seen(), (lines{"refused io.timeout_header"}));
    EXPECT_EQ(masking.failures(errc::io_timeout_header), 1U);
}

TEST(transports, a_deadline_of_zero_never_comes) {
    masking_loop masking({.allowance = milliseconds(0)});
    auto peer = masking.open();
    EXPECT_EQ(peer.receive(hello.size()), hello);
    EXPECT_FALSE(peer.readable_within(milliseconds(150)));
}

TEST(transports, a_service_may_refuse_whom_it_knows_by_then) {
    endpoint seen;
    masking_loop masking({.service = service_factory([&](const peer& who) {
                              seen = who.remote;
                              return std::unique_ptr<service>();
                          }),
                          .remote = endpoint{"192.0.2.7", 7000, endpoint::family::ipv4}});
    auto peer = masking.open();
    peer.send(masked(digits_frame("Hello")));
    EXPECT_EQ(peer.receive_to_end().received, hello + masking_transport::end_mark);
    peer.close();
    ASSERT_TRUE(masking.comes_to_have_open(0));
    EXPECT_EQ(masking.seen(), (lines{"refused service.refused"}));
    EXPECT_EQ(masking.failures(errc::service_refused), 1U);
    EXPECT_EQ(seen.text(), "192.0.2.7:7000");
}

// Speaks first, and ends the connection with its first reply.
class greets final : public service {
public:
    void opened(const peer& who, outbox& replies) override {
        EXPECT_TRUE(replies.reply("for " + who.remote.text()));
    }
    void receive(const piece& message, outbox& replies) override {
        EXPECT_TRUE(replies.reply(message.payload));
        replies.close();
    }
};

TEST(transports, a_service_speaks_first_and_closes_through_them) {
    masking_loop masking({.service = service_factory([] { return std::make_unique<greets>(); }),
                          .remote = endpoint{"192.0.2.7", 7000, endpoint::family::ipv4}});
    auto peer = masking.open();
    peer.send(hello);
    const auto greeting = digits_frame("for 192.0.2.7:7000");
    EXPECT_EQ(unmasked(peer.receive(hello.size() + greeting.size())), greeting);
    peer.send(masked(digits_frame("x")).substr(hello.size()));
    const auto [rest, how] = peer.receive_to_end();
    EXPECT_EQ(unmasked(hello + rest), digits_frame("x"));
    EXPECT_EQ(rest.back(), masking_transport::end_mark);
    EXPECT_EQ(how, ending::eof);
    peer.close();
    ASSERT_TRUE(masking.comes_to_have_open(0));
    EXPECT_EQ(masking.seen().back(), "closed 1 by_service");
}

TEST(transports, what_came_before_an_error_is_answered) {
    const auto stream = digits_frame("one") + digits_frame("two");
    masking_loop masking;
    auto peer = masking.open();
    peer.send(masked(stream, false) + masking_transport::wrong_mark);
    EXPECT_EQ(unmasked(peer.receive_to_end().received), stream);
    peer.close();
    ASSERT_TRUE(masking.comes_to_have_open(0));
    EXPECT_EQ(masking.seen().back(), "closed 1 frame.syntax");
}

TEST(transports, a_stream_that_is_cut_off_is_an_error) {
    const auto frame = digits_frame("one");
    masking_loop masking;
    auto peer = masking.open();
    peer.send(masked(frame, false));
    peer.send_end();
    EXPECT_EQ(unmasked(peer.receive_to_end().received), frame);
    peer.close();
    ASSERT_TRUE(masking.comes_to_have_open(0));
    EXPECT_EQ(masking.seen(), (lines{"opened 1", "frame 1 one at 0", "closed 1 frame.syntax"}));
}

TEST(transports, what_they_cannot_send_ends_the_connection) {
    masking_loop masking({.service = service_named("reply:\xFF")});
    auto peer = masking.open();
    peer.send(masked(digits_frame("x"), false));
    const auto [all, how] = peer.receive_to_end();
    EXPECT_EQ(all, hello + masking_transport::end_mark);
    EXPECT_EQ(how, ending::eof);
    peer.close();
    ASSERT_TRUE(masking.comes_to_have_open(0));
    EXPECT_EQ(masking.seen().back(), "closed 1 frame.syntax");
}

TEST(transports, a_draining_loop_does_not_wait_for_a_handshake) {
    masking_loop masking;
    auto peer = masking.open();
    peer.send(hello.substr(0, 2));
    ASSERT_TRUE(masking.running.comes_to_receive(2));
    gate drained;
    masking.running.loop().post(
        [&] { masking.running.loop().drain(test_timeout, [&] { drained.open(); }); });
    EXPECT_EQ(peer.receive_to_end().received, hello);
    peer.close();
    drained.pass();
    EXPECT_TRUE(masking.seen().empty());
}

TEST(transports, an_aborted_handshake_was_never_open) {
    masking_loop masking;
    auto peer = masking.open();
    auto& loop = masking.running.loop();
    loop.post([&] { loop.abort(); });
    EXPECT_TRUE(masking.comes_to_have_open(0));
    EXPECT_TRUE(masking.seen().empty());
}

TEST(transports, large_frames_for_a_slow_reader) {
    std::string payload;
    while (payload.size() < 1 * MiB) payload += "0123456789abcdef";
    const auto frame = digits_frame(payload);
    masking_loop masking;
    auto peer = masking.open();
    const auto wire = masked(frame);
    std::thread sends([&] { peer.send(wire); });
    const auto all = peer.receive_to_end().received;
    sends.join();
    EXPECT_TRUE(unmasked(all) == frame);
}

TEST(transports, a_peer_that_does_not_read_is_reset) {
    masking_loop masking({.bounds = {.write_deadline = milliseconds(100)}});
    auto peer = masking.open();
    peer.send(hello);
    const auto frame = digits_frame(std::string(64 * KiB, 'x'));
    const auto wire = masked(frame, false).substr(hello.size());
    std::size_t sent = 0;
    ASSERT_TRUE(eventually([&] {
        sent += peer.send_until_refused(wire.substr(sent % wire.size()), milliseconds(20));
        return masking.observer.count("closed") > 0;
    }));
    EXPECT_EQ(masking.seen().back(), "closed 1 io.timeout_write");
}

// The client's end is the same engine.
TEST(transports, the_end_that_connected_begins_its_handshake_by_itself) {
    masking_loop masking({.service = service_factory([] { return std::make_unique<greets>(); }),
                          .role = connection_role::connected,
                          .remote = endpoint{"192.0.2.7", 7000, endpoint::family::ipv4}});
    auto peer = masking.open();
    EXPECT_EQ(peer.receive(hello.size()), hello);
    peer.send(hello);
    const auto greeting = digits_frame("for 192.0.2.7:7000");
    EXPECT_EQ(unmasked(hello + peer.receive(greeting.size())), greeting);
    peer.send(masked(digits_frame("x"), false).substr(hello.size()));
    EXPECT_EQ(unmasked(hello + peer.receive_to_end().received), digits_frame("x"));
    EXPECT_TRUE(masking.comes_to_have_open(0)) << "without waiting for the peer";
}

}  // namespace
}  // namespace framewire::tests::transports_tests
