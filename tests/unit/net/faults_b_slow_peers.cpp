#include "eventually.hpp"
#include "resources.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace framewire::tests::faults_b_slow_peers_tests {
namespace {

using std::chrono::milliseconds;

// Sends `byte` again and again until the peer ends the connection; answers for how long.
milliseconds trickle(raw_socket& one, char byte, milliseconds pause) {
    const auto began = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - began < test_timeout) {
        try {
            one.send({&byte, 1});
        } catch (const std::exception&) {
            break;
        }
        if (one.readable_within(pause)) break;
    }
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
}

TEST(faults_b, row_49_slowloris_header) {
    const running_server serving({.limits = {.header_deadline = milliseconds(300)}});
    auto good = serving.connect();
    auto silent = serving.connect();
    auto slow = serving.connect();
    const auto lasted = trickle(slow, '0', milliseconds(60));
    EXPECT_TRUE(serving.comes_to_count(errc::io_timeout_header));
    EXPECT_GE(lasted, milliseconds(300));
    EXPECT_NE(slow.receive_to_end().how, ending::silence);
    EXPECT_EQ(good.request("not affected"), digits_frame("not affected"));
    EXPECT_EQ(silent.request("nor me"), digits_frame("nor me"));
    EXPECT_EQ(serving.failures(errc::io_timeout_header), 1U);
}

TEST(faults_b, row_49_slowloris_answers_what_was_complete) {
    const running_server serving({.limits = {.header_deadline = milliseconds(200)}});
    auto slow = serving.connect();
    slow.send(digits_frame("complete") + "00000");
    const auto words = slow.receive_to_end();
    EXPECT_EQ(words.received, digits_frame("complete"));
    EXPECT_EQ(words.how, ending::eof);
    EXPECT_EQ(serving.failures(errc::io_timeout_header), 1U);
}

TEST(faults_b, row_50_slow_body) {
    const running_server serving(
        {.limits = {.body_deadline = milliseconds(300), .body_rate_min = 1000}});
    auto good = serving.connect();
    auto slow = serving.connect();
    slow.send("0000010000");
    const auto lasted = trickle(slow, 'x', milliseconds(60));
    EXPECT_TRUE(serving.comes_to_count(errc::io_timeout_body));
    EXPECT_GE(lasted, milliseconds(300));
    EXPECT_EQ(good.request("not affected"), digits_frame("not affected"));
}

TEST(faults_b, row_50_a_body_at_the_smallest_rate_is_served) {
    const running_server serving(
        {.limits = {.body_deadline = milliseconds(500), .body_rate_min = 100}});
    auto steady = serving.connect();
    const std::string body(3000, 'x');
    const auto began = std::chrono::steady_clock::now();
    auto last = began;
    milliseconds longest_gap{0};
    steady.send("0000003000");
    for (std::size_t sent = 0; sent < body.size(); sent += 100) {
        steady.send(body.substr(sent, 100));
        std::this_thread::sleep_for(milliseconds(40));
        const auto now = std::chrono::steady_clock::now();
        longest_gap = std::max(longest_gap, std::chrono::duration_cast<milliseconds>(now - last));
        last = now;
    }
    if (longest_gap > milliseconds(400)) GTEST_SKIP() << "this machine was too busy";
    ASSERT_GT(last - began, milliseconds(1000));
    EXPECT_EQ(steady.receive(3010), digits_frame(body));
}

TEST(faults_b, row_51_slow_reader) {
    constexpr std::uint64_t offered = 128 * MiB;
    const running_server serving({.limits = {.write_deadline = milliseconds(700)}});
    auto good = serving.connect();
    auto slow = serving.connect(4 * KiB);
    const auto memory = resident_bytes();
    const std::string requests = [] {
        std::string out;
        while (out.size() < 4 * MiB) out += digits_frame(std::string(10'000, 'x'));
        return out;
    }();
    std::uint64_t taken = 0;
    while (taken < offered) {
        const auto size = slow.send_until_refused(requests, milliseconds(200));
        taken += size;
        if (size < requests.size()) break;
    }
    EXPECT_LT(taken, 48 * MiB) << "accepted from a peer that takes nothing";
    const auto counts = serving.statistics();
    EXPECT_LT(counts.bytes_received - counts.bytes_sent, 512 * KiB);
    EXPECT_LT(resident_bytes(), memory + 32 * MiB);
    EXPECT_EQ(good.request("not affected"), digits_frame("not affected"));

    EXPECT_TRUE(serving.comes_to_count(errc::io_timeout_write));
    EXPECT_EQ(slow.receive_to_end().how, ending::reset);
    EXPECT_TRUE(serving.comes_to_have_open(1));
    EXPECT_EQ(good.request("still not"), digits_frame("still not"));
}

TEST(faults_b, row_51_a_reader_that_is_slow_but_reads_is_served) {
    const running_server serving({.limits = {.write_deadline = milliseconds(1000)}},
                                 {.service = service_named("reply:" + std::string(50'000, 'r'))});
    auto slow = serving.connect(2 * KiB);
    std::string requests;
    for (int i = 0; i < 100; ++i) requests += digits_frame("");
    slow.send(requests);
    std::size_t received = 0;
    const auto began = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - began < milliseconds(2000)) {
        received += slow.receive(20'000).size();
        std::this_thread::sleep_for(milliseconds(20));
    }
    received += slow.receive(100 * 50'010 - received).size();
    EXPECT_EQ(received, 100U * 50'010U);
    EXPECT_EQ(serving.failures(errc::io_timeout_write), 0U);
}

TEST(faults_b, row_52_reply_amplification) {
    const running_server serving({},
                                 {.service = service_named("reply:" + std::string(100'000, 'r'))});
    auto good = serving.connect();
    auto greedy = serving.connect(4 * KiB);
    const auto memory = resident_bytes();
    std::string requests;
    while (requests.size() < 8 * MiB) requests += digits_frame("more");
    const auto taken = greedy.send_until_refused(requests, milliseconds(300));
    EXPECT_GT(taken, 64 * KiB);
    EXPECT_LT(resident_bytes(), memory + 32 * MiB) << "with " << taken << " bytes of requests";
    // As many replies as the system's buffers and one queue hold.
    EXPECT_LT(serving.statistics().frames, 200U);
    good.send(digits_frame("one"));
    EXPECT_EQ(good.receive(100'010).substr(0, 12), "0000100000rr");
}

TEST(faults_b, row_53_idle_deadline) {
    const running_server serving({.limits = {.idle_deadline = milliseconds(300)}});
    auto idle = serving.connect();
    auto busy = serving.connect();
    EXPECT_EQ(idle.request("hello"), digits_frame("hello"));
    int asked = 0;
    while (!idle.readable_within(milliseconds(50)) && asked < 200) {
        EXPECT_EQ(busy.request("busy"), digits_frame("busy"));
        ++asked;
    }
    const auto words = idle.receive_to_end();
    EXPECT_EQ(words.received, "");
    EXPECT_EQ(words.how, ending::eof);
    EXPECT_EQ(serving.failures(errc::io_timeout_idle), 1U);
    EXPECT_EQ(busy.request("still here"), digits_frame("still here"));
}

TEST(faults_b, row_53_no_idle_deadline_unless_asked_for) {
    EXPECT_EQ(limits{}.idle_deadline, milliseconds(0));
    const running_server serving({.limits = {.header_deadline = milliseconds(100),
                                             .body_deadline = milliseconds(100),
                                             .write_deadline = milliseconds(100)}});
    auto idle = serving.connect();
    EXPECT_EQ(idle.request("hello"), digits_frame("hello"));
    EXPECT_FALSE(idle.readable_within(milliseconds(400)));
    EXPECT_EQ(idle.request("still here"), digits_frame("still here"));
}

}  // namespace
}  // namespace framewire::tests::faults_b_slow_peers_tests
