#include "eventually.hpp"
#include "recording_observer.hpp"
#include "resources.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace framewire::tests::large_frames_tests {
namespace {

std::string varied(std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 7 + i / 251);
    return out;
}

TEST(large_frames, are_echoed_in_pieces_in_bounded_memory) {
    const auto frame = digits_frame(varied(64 * MiB));
    const running_server serving({.limits = {.assembled_bytes_max = 64 * KiB}});
    auto one = serving.connect();
    const auto memory = resident_bytes();
    std::thread sender([&] { one.send(frame); });
    std::uint64_t grown = 0;
    for (std::size_t at = 0; at < frame.size();) {
        const auto part = one.receive(std::min<std::size_t>(1 * MiB, frame.size() - at));
        ASSERT_TRUE(part == frame.substr(at, part.size())) << "after " << at;
        at += part.size();
        grown = std::max(grown, resident_bytes() - std::min(memory, resident_bytes()));
    }
    sender.join();
    EXPECT_LT(grown, 16 * MiB);
    EXPECT_EQ(serving.statistics().frames, 1U);
}

TEST(large_frames, of_a_peer_that_does_not_read_are_not_read_on) {
    const running_server serving({.limits = {.assembled_bytes_max = 64 * KiB}});
    auto one = serving.connect(4 * KiB);
    const auto frame = digits_frame(std::string(64 * MiB, 'x'));
    const auto memory = resident_bytes();
    EXPECT_LT(one.send_until_refused(frame, std::chrono::milliseconds(300)), 48 * MiB);
    const auto counts = serving.statistics();
    EXPECT_LT(counts.bytes_received - counts.bytes_sent, 512 * KiB);
    EXPECT_LT(resident_bytes(), memory + 32 * MiB);
}

TEST(large_frames, are_refused_by_services_that_want_them_whole) {
    const running_server serving({.limits = {.assembled_bytes_max = 64 * KiB}},
                                 {.service = service_from([](bytes payload, outbox& replies) {
                                      (void)replies.reply(std::to_string(payload.size()));
                                  })});
    auto one = serving.connect();
    one.send(digits_frame(std::string(64 * KiB, 'x')));
    EXPECT_EQ(one.receive(15), digits_frame("65536"));
    one.send("0000065537");
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received, "");
    EXPECT_EQ(words.how, ending::eof);
    EXPECT_EQ(serving.failures(errc::frame_too_large), 1U);
}

TEST(large_frames, that_are_announced_but_never_come_cost_nothing) {
    const running_server serving;
    const auto memory = resident_bytes();
    std::vector<raw_socket> liars;
    for (int i = 0; i < 200; ++i) {
        liars.push_back(serving.connect());
        liars.back().send("0016000000only this");
    }
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_received == 200 * 19; }));
    EXPECT_LT(resident_bytes(), memory + 32 * MiB);
}

TEST(large_frames, that_are_too_large_can_be_skipped) {
    recording_observer observer;
    const running_server serving({.observer = &observer},
                                 {.framing = "digits:10,max=100,oversize=skip"});
    auto one = serving.connect();
    one.send(digits_frame("a") + digits_frame(std::string(300'000, 'x')) + digits_frame("b"));
    EXPECT_EQ(one.receive(22), digits_frame("a") + digits_frame("b"));
    const auto counts = serving.statistics();
    EXPECT_EQ(counts.skipped, 1U);
    EXPECT_EQ(counts.frames, 2U);
    EXPECT_EQ(counts.open, 1U);
    EXPECT_TRUE(observer.has("skipped 1 300000 at 11"));
}

}  // namespace
}  // namespace framewire::tests::large_frames_tests
