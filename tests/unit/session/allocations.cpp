#include "allocations.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <memory>
#include <string>

namespace framewire::allocations_tests {
namespace {

using namespace std::chrono_literals;
using tests::allocation_watch;

// Without describing what is said, which would allocate.
std::size_t drain(session& peer) {
    std::size_t events = 0;
    while (peer.next()) ++events;
    peer.hold();
    return events;
}

TEST(allocations, none_for_frames_that_arrive_whole) {
    std::string stream;
    for (int i = 0; i < 1000; ++i) stream += "0000000005Hello";
    session peer(*framing::parse("digits:10"), {}, delivery::whole, {});
    const allocation_watch observer;
    peer.receive(stream);
    EXPECT_EQ(drain(peer), 1000U);
    EXPECT_EQ(observer.calls(), 0U);
}

TEST(allocations, a_split_frame_is_forgotten_once_it_was_delivered) {
    session peer(*framing::parse("digits:10"), {}, delivery::whole, {});
    const std::string half(50'000, 'x');
    const allocation_watch observer;
    peer.receive("0000100000");
    EXPECT_EQ(drain(peer), 0U);
    peer.receive(half);
    EXPECT_EQ(drain(peer), 0U);
    EXPECT_GE(observer.kept(), 50'000);
    peer.receive(half);
    EXPECT_EQ(drain(peer), 1U);
    EXPECT_EQ(observer.kept(), 0);
}

TEST(allocations, held_input_is_forgotten_once_it_was_decoded) {
    session peer(*framing::parse("digits:10"), {.queued_bytes_max = 10}, delivery::whole, {});
    std::string stream;
    for (int i = 0; i < 1000; ++i) stream += "0000000005Hello";
    ASSERT_TRUE(peer.send("Hello"));
    const allocation_watch observer;
    peer.receive(stream);
    EXPECT_EQ(drain(peer), 0U);
    EXPECT_GE(observer.kept(), 15'000);
    peer.sent(15);
    EXPECT_EQ(drain(peer), 1000U);
    EXPECT_LE(observer.kept(), 0);
}

TEST(allocations, the_buffer_of_replies_is_forgotten_once_they_were_taken) {
    session peer(*framing::parse("digits:10"), {}, delivery::whole, {});
    const allocation_watch observer;
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(peer.send(std::string(100, 'x')));
    EXPECT_GE(observer.kept(), 11'000);
    peer.sent(peer.output().size());
    peer.hold();
    EXPECT_EQ(observer.kept(), 0);
}

TEST(allocations, replies_are_forgotten_once_they_are_dropped) {
    session peer(*framing::parse("digits:10"), {}, delivery::whole, {});
    const allocation_watch observer;
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(peer.send(std::string(100, 'x')));
    peer.drop_output();
    EXPECT_EQ(peer.output(), "");
    EXPECT_EQ(observer.kept(), 0);
}

// It reads all the time, and always leaves some.
TEST(allocations, a_queue_that_is_never_quite_empty_does_not_grow) {
    session peer(*framing::parse("digits:10"), {.queued_bytes_max = 1'000}, delivery::whole, {});
    const allocation_watch observer;
    ASSERT_TRUE(peer.send(std::string(90, 'x')));
    for (int i = 0; i < 1'000; ++i) {
        ASSERT_TRUE(peer.send(std::string(90, 'x')));
        peer.sent(100);
        peer.hold();
        ASSERT_EQ(peer.output().size(), 100U);
    }
    EXPECT_LT(observer.kept(), 5'000);
}

TEST(allocations, a_shared_buffer_that_one_reply_made_huge_is_not_kept) {
    std::string shared;
    const auto rules =
        std::make_shared<const session_rules>(*framing::parse("digits:10"), limits{});
    session peer(rules, delivery::whole, {}, &shared);
    for (const std::size_t size : {500'000U, 3'000'000U}) {
        ASSERT_TRUE(peer.send(std::string(size, 'x')));
        peer.sent(size + 10);
        peer.hold();
        EXPECT_EQ(shared.capacity() > size, size < 1'000'000) << size;
    }
}

TEST(allocations, a_shared_buffer_is_given_back_with_its_capacity) {
    std::string shared;
    shared.reserve(4096);
    const auto rules =
        std::make_shared<const session_rules>(*framing::parse("digits:10"), limits{});
    session peer(rules, delivery::whole, {}, &shared);
    const allocation_watch observer;
    ASSERT_TRUE(peer.send("Hello"));
    peer.sent(15);
    peer.hold();
    EXPECT_GE(shared.capacity(), 4096U);
    EXPECT_EQ(observer.calls(), 0U);
}

TEST(allocations, nothing_stays_behind_a_failure) {
    session peer(*framing::parse("digits:10"), {}, delivery::whole, {});
    const std::string half(50'000, 'x');
    const allocation_watch observer;
    peer.receive("0000100000");
    EXPECT_EQ(drain(peer), 0U);
    peer.receive(half);
    EXPECT_EQ(drain(peer), 0U);
    peer.receive_eof();
    EXPECT_EQ(drain(peer), 1U);
    EXPECT_LT(observer.kept(), 1024);
}

TEST(allocations, pieces_pass_in_constant_memory) {
    session peer(*framing::parse("digits:10"), {.assembled_bytes_max = 1000}, delivery::pieces,
                 {});
    const std::string chunk(64 * 1024, 'x');
    peer.receive("9999999999");
    EXPECT_EQ(drain(peer), 0U);
    const allocation_watch observer;
    for (int i = 0; i < 1000; ++i) {
        peer.receive(chunk);
        ASSERT_EQ(drain(peer), 1U);
    }
    EXPECT_EQ(observer.calls(), 0U);
}

TEST(allocations, a_skipped_frame_passes_in_constant_memory) {
    session peer(*framing::parse("digits:10,max=1000,oversize=skip"), {}, delivery::whole, {});
    const std::string chunk(64 * 1024, 'x');
    peer.receive("9999999999");
    EXPECT_EQ(drain(peer), 0U);
    const allocation_watch observer;
    for (int i = 0; i < 1000; ++i) {
        peer.receive(chunk);
        ASSERT_EQ(drain(peer), 0U);
    }
    EXPECT_EQ(observer.calls(), 0U);
}

TEST(allocations, a_skipped_frame_that_announced_nothing_leaves_nothing_behind) {
    session peer(*framing::parse("line,max=100000,oversize=skip"), {}, delivery::whole, {});
    const std::string chunk(64 * 1024, 'x');
    const allocation_watch observer;
    for (int i = 0; i < 100; ++i) {
        peer.receive(chunk);
        ASSERT_EQ(drain(peer), 0U);
    }
    EXPECT_LE(observer.most(), 2 * 100'000U);
    peer.receive("\n");
    EXPECT_EQ(drain(peer), 1U);
    EXPECT_EQ(observer.kept(), 0);
}

TEST(allocations, pieces_without_a_length_pass_in_constant_memory) {
    for (const char* spec : {"line", "mllp", "delimiter:end"}) {
        session peer(*framing::parse(spec), {.assembled_bytes_max = 1000}, delivery::pieces, {});
        const std::string chunk(64 * 1024, 'x');
        const auto first = "\x0B" + chunk;
        peer.receive(first);
        ASSERT_GE(drain(peer), 1U) << spec;
        const allocation_watch observer;
        for (int i = 0; i < 1000; ++i) {
            peer.receive(chunk);
            ASSERT_EQ(drain(peer), 1U) << spec;
        }
        EXPECT_EQ(observer.calls(), 0U) << spec;
    }
}

// Paid for by others: each chunk that arrived was copied again.
TEST(allocations, a_large_frame_is_not_copied_for_every_chunk) {
    session peer(*framing::parse("digits:10"), {}, delivery::whole, {});
    const std::string chunk(1000, 'x');
    peer.receive("0010000000");
    EXPECT_EQ(drain(peer), 0U);
    const allocation_watch observer;
    for (int i = 0; i < 9999; ++i) {
        peer.receive(chunk);
        ASSERT_EQ(drain(peer), 0U);
    }
    EXPECT_LT(observer.calls(), 30U);
    peer.receive(chunk);
    EXPECT_EQ(drain(peer), 1U);
}

TEST(faults_a, row_16_a_refused_frame_allocates_nothing_for_its_payload) {
    session peer(*framing::parse("digits:10"), {}, delivery::whole, {});
    const allocation_watch observer;
    peer.receive("0016777217xxxx");
    EXPECT_EQ(drain(peer), 1U);
    ASSERT_TRUE(peer.failure());
    EXPECT_EQ(peer.failure()->code, errc::frame_too_large);
    EXPECT_EQ(peer.failure()->offset, 0U);
    EXPECT_NE(peer.failure()->words.find("16777216"), std::string::npos);
    EXPECT_LT(observer.most(), 2048U);
}

TEST(faults_a, row_17_memory_grows_with_what_arrived_and_not_with_what_was_announced) {
    for (const std::size_t arrived : {0U, 1U, 100U, 4096U, 100'000U}) {
        session peer(*framing::parse("digits:10"), {}, delivery::whole, time_point{});
        const std::string part(arrived, 'x');
        const allocation_watch observer;
        peer.receive("0016777216");
        EXPECT_EQ(drain(peer), 0U);
        peer.receive(part);
        EXPECT_EQ(drain(peer), 0U);
        EXPECT_LE(observer.most(), 2 * arrived + 64) << arrived;
        EXPECT_LE(observer.largest(), 2 * arrived + 64) << arrived;
        peer.tick(time_point{} + 30s);
        ASSERT_TRUE(peer.expire());
        EXPECT_EQ(drain(peer), 1U);
        ASSERT_TRUE(peer.failure());
        EXPECT_EQ(peer.failure()->code, errc::io_timeout_body);
    }
}

}  // namespace
}  // namespace framewire::allocations_tests
