#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>
#include <thread>

namespace framewire::tests::batching_tests {
namespace {

std::string small_frames(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += digits_frame(std::to_string(i % 10));
    return out;
}

TEST(batching, many_frames_of_one_read_are_answered_by_one_write) {
    recording_observer observer;
    const running_server serving({.observer = &observer});
    auto one = serving.connect();
    const auto sent = small_frames(500);
    one.send(sent);
    EXPECT_EQ(one.receive(sent.size()), sent);
    EXPECT_EQ(observer.count("frame 1 "), 500U);
    EXPECT_LE(observer.count("bytes 1 "), 2U);
    EXPECT_LE(observer.count("sent 1 "), observer.count("bytes 1 "));
}

// 4000 frames of 11 bytes fit one read.
TEST(batching, more_frames_than_a_cycle_may_have_take_several) {
    recording_observer observer;
    const running_server serving({.observer = &observer});
    auto one = serving.connect();
    const auto sent = small_frames(4000);
    one.send(sent);
    EXPECT_EQ(one.receive(sent.size()), sent);
    EXPECT_EQ(observer.count("frame 1 "), 4000U);
    EXPECT_LE(observer.count("bytes 1 "), 2U);
    EXPECT_GE(observer.count("sent 1 "), 4000U / 600);
}

TEST(batching, every_payload_of_a_large_write_is_answered_in_order) {
    const running_server serving;
    auto fast = serving.connect();
    auto slow = serving.connect();
    auto silent = serving.connect();
    std::string sent;
    for (int i = 0; i < 10'000; ++i) sent += digits_frame(std::to_string(i));
    std::thread crowd([&] { fast.send(sent); });
    const auto slowly = small_frames(20);
    for (const char byte : slowly) slow.send({&byte, 1});
    EXPECT_EQ(fast.receive(sent.size()), sent);
    EXPECT_EQ(slow.receive(slowly.size()), slowly);
    EXPECT_EQ(silent.request("me too"), digits_frame("me too"));
    crowd.join();
    EXPECT_EQ(serving.statistics().frames, 10'021U);
}

// What a read completed may have to wait, but is neither lost nor read again.
TEST(batching, held_input_goes_on_when_the_peer_reads) {
    const running_server serving({.limits = {.queued_bytes_max = 4 * KiB}},
                                 {.service = service_named("reply:" + std::string(3000, 'r'))});
    auto one = serving.connect(4 * KiB);
    one.send(small_frames(2000));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_LT(serving.statistics().frames, 2000U) << "answered to a peer that does not read";
    std::size_t received = 0;
    for (int i = 0; i < 2000; ++i) {
        const auto reply = one.receive(3010);
        ASSERT_TRUE(reply.starts_with("0000003000rrr") && reply.ends_with("rrr")) << i;
        received += reply.size();
    }
    EXPECT_EQ(received, 2000U * 3010U);
    EXPECT_EQ(serving.statistics().frames, 2000U);
}

TEST(batching, one_busy_connection_does_not_starve_another) {
    const running_server serving;
    auto busy = serving.connect();
    auto other = serving.connect();
    const auto sent = small_frames(200'000);
    std::thread sender([&] { busy.send(sent); });
    std::thread receiver([&] { EXPECT_EQ(busy.receive(sent.size()).size(), sent.size()); });
    for (int i = 0; i < 50; ++i) EXPECT_EQ(other.request("me"), digits_frame("me"));
    sender.join();
    receiver.join();
}

// Slowly, but all of them, although the end of the stream has long been seen.
TEST(batching, tiny_frames_over_the_budget_are_all_answered) {
    const running_server serving({.limits = {.tiny_frames_per_second_max = 20'000}});
    auto one = serving.connect();
    const auto sent = small_frames(40'000);
    std::thread sender([&] {
        one.send(sent);
        one.send_end();
    });
    const auto words = one.receive_to_end();
    sender.join();
    EXPECT_TRUE(words.received == sent)
        << words.received.size() << " of " << sent.size() << " bytes";
    EXPECT_EQ(words.how, ending::eof);
}

TEST(batching, raw_answers_what_one_read_returns) {
    const running_server serving({}, {.framing = "raw"});
    auto one = serving.connect();
    one.send("Hi");
    EXPECT_EQ(one.receive(2), "Hi");
    const std::string large(300'000, 'x');
    std::thread sender([&] { one.send(large); });
    EXPECT_EQ(one.receive(large.size()), large);
    sender.join();
}

}  // namespace
}  // namespace framewire::tests::batching_tests
