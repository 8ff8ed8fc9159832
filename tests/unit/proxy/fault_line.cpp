#include "proxy/fault_line.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::fault_line_tests {
namespace {

constexpr std::uint64_t messages = 100;

/// What became of 100 messages, `message 1` and so on in frames of ten digits.
struct outcome {
    std::set<std::uint64_t> struck{};
    std::string said{};
    std::vector<std::string> actions{};

    bool operator==(const outcome&) const = default;
};

outcome run(const std::string& spec, std::uint64_t seed = 7) {
    constexpr std::string_view names[] = {"send", "end", "close", "reset", "stall", "limit"};
    outcome found;
    event_loop loop;
    outflow sends(loop, [&](outflow::action what, bytes data) {
        found.actions.push_back(fmt::format("{} {}", names[static_cast<unsigned>(what)], data));
    });
    auto parsed = fault::parse(spec);
    EXPECT_TRUE(parsed) << spec;
    live_faults faults({.faults = {*parsed}, .seed = seed});
    fault_line line(faults, end_of::server, 1, loop, sends,
                    [&](std::uint64_t message, std::string_view what) {
                        found.struck.insert(message);
                        found.said += fmt::format("{}: {}\n", message, what);
                    });
    for (std::uint64_t i = 1; i <= messages; ++i) {
        const auto payload = fmt::format("message {}", i);
        const auto frame = fmt::format("{:010}{}", payload.size(), payload);
        line.take({.payload = payload, .frame = frame});
    }
    line.flush();
    return found;
}

/// Those that strike messages, and those that begin with one and last.
const std::vector<std::string> striking = {
    "drop",           "delay 20ms", "duplicate",  "reorder 2",  "swap",  "corrupt payload",
    "corrupt length", "truncate 3", "split byte", "coalesce 3", "stall", "close",
    "close 1s",       "reset"};
const std::vector<std::string> lasting = {"throttle 1MiB/s", "limit 100", "linger 1s"};

TEST(fault_line, strikes_every_message_at_100_percent) {
    for (const auto& spec : striking) {
        EXPECT_EQ(run(spec + " 100%").struck.size(), messages) << spec;
        EXPECT_EQ(run(spec), run(spec + " 100%")) << spec;
    }
    for (const auto& spec : lasting) EXPECT_EQ(run(spec).struck.size(), 0U) << spec;
}

TEST(fault_line, strikes_some_messages_at_10_percent_and_the_same_again) {
    for (const auto& spec : striking) {
        const auto first = run(spec + " 10%");
        EXPECT_GE(first.struck.size(), 2U) << spec;
        EXPECT_LE(first.struck.size(), 25U) << spec;
        EXPECT_EQ(first.said, run(spec + " 10%").said) << spec;
        EXPECT_NE(first.struck, run(spec + " 10%", 8).struck) << spec;
    }
    for (const auto& spec : lasting) {
        const auto first = run(spec + " 10%");
        EXPECT_EQ(first.struck.size(), 1U) << spec;
        EXPECT_EQ(first.said, run(spec + " 10%").said) << spec;
    }
}

// Without a clock in what is sent.
TEST(fault_line, sends_the_same_again) {
    for (const auto& spec : striking) {
        if (spec.starts_with("delay") || spec == "close 1s") continue;
        EXPECT_EQ(run(spec + " 10%").actions, run(spec + " 10%").actions) << spec;
    }
    EXPECT_EQ(run("limit 100 10%").actions, run("limit 100 10%").actions);
}

TEST(fault_line, strikes_messages_with_a_pattern) {
    const std::set<std::uint64_t> with_33{33};
    const std::set<std::uint64_t> nines{9, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99};
    for (const auto& spec : striking) {
        EXPECT_EQ(run(spec + " when=33").struck, with_33) << spec;
        EXPECT_EQ(run(spec + " when=/ 9/").struck.size(), nines.size()) << spec;
        EXPECT_EQ(run(spec + " when=\" 9\"").struck, nines) << spec;
        EXPECT_EQ(run(spec + " when=33 to=client").struck.size(), 0U) << spec;
    }
    for (const auto& spec : lasting) EXPECT_EQ(run(spec + " when=33").struck, with_33) << spec;
}

TEST(fault_line, limits_what_follows_the_message_that_it_strikes) {
    const auto found = run("limit 24 when=/ 33$/");
    std::string sent;
    for (const auto& one : found.actions) {
        if (one.starts_with("send ")) sent += one.substr(5);
    }
    EXPECT_TRUE(sent.ends_with("0000000010message 320000000010message 330000")) << sent;
    EXPECT_EQ(found.actions.back(), "close ");
    EXPECT_EQ(run("limit 24").actions,
              (std::vector<std::string>{"send 0000000009message 1", "send 00000", "close "}));
}

TEST(fault_line, lets_nothing_follow_what_is_the_last) {
    EXPECT_EQ(run("close nth=2").actions.back(), "close ");
    EXPECT_EQ(run("reset nth=2").actions.back(), "reset ");
    EXPECT_EQ(run("stall nth=2").actions.size(), 2U);
    // Later, and meanwhile nothing.
    EXPECT_EQ(run("close nth=2 60s").actions.size(), 2U);
    EXPECT_EQ(run("reset 60s after 2").actions.size(), 2U);
}

// The end of a stream is no reason to hurry.
TEST(fault_line, delays_messages_also_at_the_end) {
    EXPECT_EQ(run("delay 60s nth=3").actions.size(), 2U);
    EXPECT_EQ(run("coalesce 1000").actions.size(), messages);
}

}  // namespace
}  // namespace framewire::fault_line_tests
