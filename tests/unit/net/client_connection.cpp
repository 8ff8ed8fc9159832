#include "net/client_connection.hpp"

#include "eventually.hpp"
#include "net/connect_to.hpp"
#include "raw_peer.hpp"
#include "resources.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace framewire::tests {
namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr std::size_t held_max = 64 * KiB;

owned_descriptor connected(const raw_peer& to) {
    auto socket = connect_to(*address::parse(to.where()), test_timeout);
    if (!socket) throw std::runtime_error(socket.error().message());
    return std::move(*socket);
}

client_connection in_pieces(const raw_peer& to, client_settings settings = {},
                            std::string_view framing_text = "digits:10") {
    settings.limits.assembled_bytes_max = held_max;
    return {connected(to), *framing::parse(framing_text), settings, delivery::pieces};
}

template <class T>
void expect(const wire_result<T>& outcome) {
    EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error().message());
}

// Until all that is queued is written, or cannot be.
wire_result<void> write_all(client_connection& one) {
    while (true) {
        auto written = one.write();
        if (!written || !one.has_output()) return written;
        one.wait(false);
    }
}

wire_result<piece> next_piece(client_connection& one) {
    while (true) {
        if (auto part = one.receive()) return *part;
        one.wait(true);
    }
}

// What could have been lost or doubled would not fit any more.
std::string varied(std::size_t begin, std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
        const auto at = begin + i;
        out[i] = static_cast<char>(at * 7 + at / 251);
    }
    return out;
}

// The peer takes nothing while its answer is not taken.
TEST(client_connection, a_frame_passes_both_ways_at_once_in_bounded_memory) {
    constexpr std::size_t size = 64 * MiB;
    raw_peer peer(echo_everything);
    auto one = in_pieces(peer);
    expect(one.begin(size));
    const auto before = resident_bytes();
    auto most = before;
    std::size_t queued = 0;
    for (std::size_t received = 0; received < size;) {
        expect(one.write());
        if (queued < size && !one.has_output()) {
            const auto part = std::min(held_max, size - queued);
            expect(one.append(varied(queued, part)));
            queued += part;
            if (queued == size) expect(one.end());
        }
        const auto part = one.receive();
        if (part) {
            ASSERT_TRUE(part->has_value()) << part->error().message();
            ASSERT_TRUE((*part)->payload == varied(received, (*part)->payload.size()));
            EXPECT_EQ((*part)->first, received == 0);
            received += (*part)->payload.size();
            EXPECT_EQ((*part)->last, received == size);
            most = std::max(most, resident_bytes());
        } else if (one.has_output() || !one.sending()) {
            one.wait(true);
        }
    }
    EXPECT_FALSE(one.sending());
    EXPECT_LT(most - before, 8 * MiB);
}

TEST(client_connection, reads_ahead_while_nothing_is_taken) {
    raw_peer peer([](raw_socket& one) {
        // Sends all of its own first.
        for (int i = 0; i < 12; ++i) one.send(digits_frame(varied(0, 1 * MiB)));
        EXPECT_EQ(one.receive(10 + 8 * MiB).size(), 10 + 8 * MiB);
    });
    client_connection one(connected(peer), *framing::parse("digits:10"), {}, delivery::whole);
    expect(one.send(std::string(8 * MiB, 'x')));
    expect(write_all(one));
    for (int i = 0; i < 12; ++i) {
        const auto reply = next_piece(one);
        ASSERT_TRUE(reply && reply->whole() && reply->payload == varied(0, 1 * MiB)) << i;
    }
}

TEST(client_connection, gives_up_a_peer_that_takes_nothing) {
    gate given_up;
    raw_peer peer([&](raw_socket& one) {
        given_up.pass();
        EXPECT_EQ(one.receive_to_end().how, ending::reset);
    });
    {
        client_connection one(connected(peer), *framing::parse("digits:10"),
                              {.limits = {.write_deadline = milliseconds(150)}}, delivery::whole);
        const auto began = clock::now();
        expect(one.send(std::string(16 * MiB, 'x')));
        const auto written = write_all(one);
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error().code, errc::io_timeout_write);
        EXPECT_GE(clock::now() - began, milliseconds(150));
        const auto reply = next_piece(one);
        EXPECT_TRUE(!reply && reply.error().code == errc::io_timeout_write);
    }
    given_up.open();
    peer.finish();
}

TEST(client_connection, a_part_of_a_frame_never_looks_whole) {
    for (const std::string_view framing : {"digits:10", "raw"}) {
        gate abandoned;
        raw_peer peer([&](raw_socket& one) {
            abandoned.pass();
            EXPECT_EQ(one.receive_to_end().how, ending::reset) << framing;
        });
        {
            auto one = in_pieces(peer, {}, framing);
            expect(one.begin(11));
            expect(one.append("Hello"));
            expect(write_all(one));
            EXPECT_TRUE(one.sending());
        }
        abandoned.open();
        peer.finish();
    }
}

TEST(client_connection, a_frame_that_is_ended_is_no_reason_to_reset) {
    raw_peer peer([](raw_socket& one) {
        const auto words = one.receive_to_end();
        EXPECT_EQ(words.received, digits_frame("Hello"));
        EXPECT_EQ(words.how, ending::eof);
    });
    {
        auto one = in_pieces(peer);
        expect(one.begin(5));
        expect(one.append("Hello"));
        expect(one.end());
        expect(write_all(one));
        EXPECT_FALSE(one.sending());
    }
    peer.finish();
}

TEST(client_connection, pieces_that_are_no_frame_are_refused) {
    raw_peer peer(echo_everything);
    auto one = in_pieces(peer, {}, "fixed:4");
    const auto refused = one.begin(5);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message(),
              "frame.wrong_size at 0: a payload of 5 bytes cannot be framed by fixed:4");
    EXPECT_FALSE(one.sending());
    expect(one.begin(4));
    const auto too_many = one.append("five!");
    ASSERT_FALSE(too_many);
    EXPECT_EQ(too_many.error().words, "a payload cannot be framed by fixed:4");
}

TEST(client_connection, the_time_for_a_reply_runs_when_all_is_sent) {
    raw_peer peer([](raw_socket& one) { (void)one.receive_to_end(); });
    auto one = in_pieces(peer, {.timeout = milliseconds(100)});
    expect(one.begin(10));
    expect(one.append("Hello"));
    expect(write_all(one));
    EXPECT_FALSE(one.receive());
    std::this_thread::sleep_for(milliseconds(200));
    EXPECT_FALSE(one.receive());
    expect(one.append("Hello"));
    expect(one.end());
    expect(write_all(one));
    const auto began = clock::now();
    const auto reply = next_piece(one);
    EXPECT_TRUE(!reply && reply.error().code == errc::io_timeout_reply);
    EXPECT_GE(clock::now() - began, milliseconds(100));
}

TEST(client_connection, waits_for_another_descriptor_too) {
    raw_peer peer([](raw_socket& one) { (void)one.receive_to_end(); });
    auto one = in_pieces(peer, {.timeout = milliseconds(0)});
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const owned_descriptor out(pipe[0]);
    owned_descriptor in(pipe[1]);
    EXPECT_FALSE(one.receive());
    std::thread later([&] {
        std::this_thread::sleep_for(milliseconds(50));
        EXPECT_EQ(::write(in.get(), "x", 1), 1);
    });
    one.wait(true, out.get());
    later.join();
    char read = 0;
    EXPECT_EQ(::read(out.get(), &read, 1), 1);
    EXPECT_EQ(read, 'x');
}

}  // namespace
}  // namespace framewire::tests
