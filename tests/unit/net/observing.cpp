#include "eventually.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

namespace framewire::tests::observing_tests {
namespace {

using lines = std::vector<std::string>;

// Turns without news between them depend on timing.
lines without_empty_turns(const lines& all) {
    lines out;
    for (const auto& line : all) {
        if (line != "turn" || (!out.empty() && out.back() != "turn")) out.push_back(line);
    }
    return out;
}

lines seen_of(const serving& what, std::string_view sent, server_settings settings = {}) {
    recording_observer observer;
    settings.observer = &observer;
    const running_server serving(settings, what);
    auto one = serving.connect();
    if (!eventually([&] { return observer.has("opened 1"); })) return {"not opened"};
    one.send(sent);
    one.send_end();
    (void)one.receive_to_end();
    (void)serving.comes_to_have_open(0);
    return observer.lines();
}

TEST(observing, a_conversation_in_order) {
    recording_observer observer;
    const running_server serving({.observer = &observer});
    auto one = serving.connect();
    EXPECT_EQ(one.request("Hello"), digits_frame("Hello"));
    EXPECT_EQ(one.request("again"), digits_frame("again"));
    one.close();
    ASSERT_TRUE(eventually([&] { return observer.has("closed 1"); }));
    ASSERT_TRUE(serving.comes_to_have_open(0));
    const lines expected{"opened 1",
                         "turn",
                         "bytes 1 15",
                         "frame 1 Hello at 0",
                         "turn",
                         "sent 1 15",
                         "bytes 1 15",
                         "frame 1 again at 15",
                         "turn",
                         "sent 1 15",
                         "ended 1",
                         "turn",
                         "closed 1 by_peer",
                         "turn"};
    EXPECT_EQ(without_empty_turns(observer.lines()), expected);
}

TEST(observing, why_connections_are_over) {
    const auto closed = [](const lines& all) {
        const auto found =
            std::ranges::find_if(all, [](const auto& line) { return line.starts_with("closed"); });
        return found == all.end() ? "never closed" : *found;
    };
    EXPECT_EQ(closed(seen_of({.service = service_named("reply:bye,close")}, digits_frame("x"))),
              "closed 1 by_service");
    EXPECT_EQ(closed(seen_of({}, "nonsense!!")), "closed 1 frame.syntax");
    EXPECT_EQ(closed(seen_of({}, "0000")), "closed 1 frame.truncated");
    EXPECT_EQ(closed(seen_of({}, digits_frame("x"))), "closed 1 by_peer");
}

TEST(observing, pieces_have_the_offset_of_their_frame) {
    const auto all = seen_of({}, digits_frame("a") + digits_frame("bbbb"),
                             {.limits = {.assembled_bytes_max = 2}});
    EXPECT_EQ(std::ranges::count(all, "frame 1 a at 0"), 1);
    std::string payload;
    for (const auto& line : all) {
        if (!line.starts_with("piece 1 ")) continue;
        EXPECT_TRUE(line.ends_with(" at 11")) << line;
        payload += line.substr(8, line.size() - 14);
    }
    EXPECT_EQ(payload + (std::ranges::count(all, "frame 1 bbbb at 11") == 1 ? "bbbb" : ""),
              "bbbb");
}

TEST(observing, connections_have_numbers_and_ends) {
    class ends_only final : public observer {
    public:
        void on(const peer& who, const occurrence& what) override {
            const std::lock_guard lock(mutex);
            if (std::holds_alternative<occurred::opened>(what)) all.push_back(who);
        }
        std::mutex mutex;
        std::vector<peer> all;
    } observer;
    running_server serving({.observer = &observer});
    std::vector<raw_socket> crowd;
    for (int i = 0; i < 3; ++i) {
        crowd.push_back(serving.connect());
        EXPECT_EQ(crowd.back().request("x"), digits_frame("x"));
    }
    const std::lock_guard lock(observer.mutex);
    ASSERT_EQ(observer.all.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(observer.all[i].id, i + 1);
        EXPECT_EQ(observer.all[i].local.text(), serving.local().text());
        EXPECT_EQ(observer.all[i].remote.text(), crowd[i].local().text());
    }
}

TEST(observing, what_was_sent_is_what_was_received) {
    class bytes_only final : public observer {
    public:
        void on(const peer& /*who*/, const occurrence& what) override {
            const std::lock_guard lock(mutex);
            std::visit(
                overloaded{[&](const occurred::sent_bytes& one) { sent += one.data; },
                           [&](const occurred::received_bytes& one) { received += one.data; },
                           [](const auto&) {}},
                what);
        }
        std::mutex mutex;
        std::string sent;
        std::string received;
    } observer;
    const auto frame = digits_frame(std::string(1 * MiB, 'x'));
    {
        const running_server serving({.observer = &observer});
        auto one = serving.connect(4 * KiB);
        one.send(frame);
        EXPECT_EQ(one.receive(frame.size()), frame);
    }
    EXPECT_TRUE(observer.received == frame);
    EXPECT_TRUE(observer.sent == frame);
}

}  // namespace
}  // namespace framewire::tests::observing_tests
