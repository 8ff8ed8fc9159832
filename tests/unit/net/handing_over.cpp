#include "framewire/codec/framing.hpp"
#include "io/descriptor.hpp"
#include "resources.hpp"
#include "running_server.hpp"
#include "scratch_path.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace framewire::tests::handing_over_tests {
namespace {

using std::chrono::milliseconds;

class served {
public:
    explicit served(const listening_places& where, server_settings settings = {})
        : server_(server::listen(where, *framing::parse("digits:10"), service_named("echo"),
                                 settings)),
          runs_([this] { (void)server_->run(); }) {}
    served(const served&) = delete;
    served& operator=(const served&) = delete;
    ~served() {
        server_->stop();
        server_->stop();
        join();
    }
    void join() {
        if (runs_.joinable()) runs_.join();
    }
    server* operator->() { return &*server_; }

private:
    result<server> server_;
    std::thread runs_;
};

address parsed(const std::string& text) { return *address::parse(text); }

// What a process inherits that is started by another one.
std::vector<adopted_socket> copies_of(const std::vector<adopted_socket>& all) {
    auto copies = all;
    for (auto& one : copies) one.descriptor = ::fcntl(one.descriptor, F_DUPFD_CLOEXEC, 0);
    return copies;
}

TEST(several_addresses, are_served_by_one_server) {
    const scratch_path path("socket");
    const auto local = "unix:" + path.text();
    served both({{parsed("127.0.0.1:0"), parsed(local), parsed("127.0.0.1:0")}});
    const auto at = both->locals();
    ASSERT_EQ(at.size(), 3U);
    EXPECT_EQ(at[1].text(), local);
    EXPECT_NE(at[0].port, at[2].port);
    for (const auto& one : at) EXPECT_EQ(raw_socket(one).request("hello"), digits_frame("hello"));
    EXPECT_EQ(both->statistics().accepted, 3U);
}

TEST(several_addresses, one_that_is_taken_refuses_all) {
    const auto before = open_descriptors();
    {
        served first({{parsed("127.0.0.1:0")}});
        const auto second = server::listen(
            listening_places{{parsed("127.0.0.1:0"), parsed(first->local().text())}},
            *framing::parse("line"), service_named("echo"));
        ASSERT_FALSE(second);
        EXPECT_NE(second.error().words.find(first->local().text()), std::string::npos);
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(adopted_listeners, are_served_by_every_loop) {
    for (const unsigned threads : {1U, 3U}) {
        const int given = ::socket(AF_INET, SOCK_STREAM, 0);
        ASSERT_EQ(::listen(given, 8), 0);  // on a port that the system chooses
        served one({{}, {{given}}}, {.threads = threads});
        EXPECT_EQ(::fcntl(given, F_GETFD), FD_CLOEXEC);
        EXPECT_EQ(one->listeners().size(), 1U);
        for (int i = 0; i < 10; ++i) {
            EXPECT_EQ(raw_socket({"127.0.0.1", one->local().port}).request("hello"),
                      digits_frame("hello"));
        }
    }
}

TEST(adopted_listeners, what_does_not_listen_is_refused_and_closed) {
    const auto before = open_descriptors();
    std::vector<int> wrong(2);
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, wrong.data()), 0);
    wrong.push_back(::socket(AF_INET, SOCK_DGRAM, 0));
    wrong.push_back(::open("/dev/null", O_RDONLY));
    for (const int one : wrong) {
        const auto refused = server::listen(listening_places{{}, {{one}}}, *framing::parse("line"),
                                            service_named("echo"));
        ASSERT_FALSE(refused);
        EXPECT_NE(refused.error().words.find("is not a stream socket"), std::string::npos);
    }
    EXPECT_EQ(open_descriptors(), before);
    EXPECT_FALSE(
        server::listen(listening_places{}, *framing::parse("line"), service_named("echo")));
}

// Those that wait are served by the next process: this one would close them in its drain.
TEST(adopted_listeners, what_waits_in_a_kept_one_is_left_to_the_next_server) {
    served opened({{parsed("127.0.0.1:0")}});  // has the socket in the place of an init system
    auto inherited = copies_of(opened->listeners());
    inherited.front().is_kept = true;
    auto ends = server::listen(listening_places{{}, copies_of(inherited)},
                               *framing::parse("digits:10"), service_named("echo"));
    ASSERT_TRUE(ends);
    opened->hand_over(test_timeout);
    opened.join();
    ends->stop();
    raw_socket waiting(opened->local());
    ASSERT_TRUE(ends->run());
    EXPECT_EQ(ends->statistics().accepted, 0U);
    served next({{}, inherited});
    EXPECT_EQ(waiting.request("hello"), digits_frame("hello"));
}

class handing_over : public testing::TestWithParam<unsigned> {};

TEST_P(handing_over, the_old_one_keeps_its_connections_and_takes_no_more) {
    const scratch_path path("socket");
    const auto threads = GetParam();
    served old({{parsed("127.0.0.1:0"), parsed("unix:" + path.text())}}, {.threads = threads});
    const auto at = old->locals();
    std::vector<raw_socket> kept;
    for (const auto& one : at) {
        EXPECT_EQ(kept.emplace_back(one).request("old"), digits_frame("old"));
    }
    std::optional<served> next;
    next.emplace(listening_places{{}, copies_of(old->listeners())}, server_settings{.threads = 2});
    ASSERT_EQ((*next)->locals().size(), 2U);
    old->hand_over(test_timeout);
    ASSERT_TRUE(eventually([&] {
        const auto accepted = (*next)->statistics().accepted;
        for (const auto& one : at) {
            EXPECT_EQ(raw_socket(one).request("any"), digits_frame("any"));
        }
        return (*next)->statistics().accepted == accepted + at.size();
    }));
    for (auto& one : kept) {
        EXPECT_EQ(one.request("still"), digits_frame("still"));
        one.close();
    }
    old.join();
    EXPECT_EQ(::access(path.text().c_str(), F_OK), 0);
    next.reset();
    EXPECT_NE(::access(path.text().c_str(), F_OK), 0);
}

INSTANTIATE_TEST_SUITE_P(loops, handing_over, testing::Values(1U, 3U));

TEST(handing_over_for_a_time, then_what_is_left_is_stopped) {
    served old({{parsed("127.0.0.1:0")}});
    raw_socket idle(old->local());
    EXPECT_EQ(idle.request("hello"), digits_frame("hello"));
    old->hand_over(milliseconds(100));
    EXPECT_EQ(idle.receive_to_end().how, ending::eof);
    idle.close();
    old.join();
}

TEST(handing_over_for_a_time, a_stop_ends_it) {
    served old({{parsed("127.0.0.1:0")}});
    raw_socket idle(old->local());
    EXPECT_EQ(idle.request("hello"), digits_frame("hello"));
    old->hand_over(test_timeout);
    old->stop();
    EXPECT_EQ(idle.receive_to_end().how, ending::eof);
    idle.close();
    old.join();
}

TEST(changed_settings, hold_for_those_who_connect_later) {
    served one({{parsed("127.0.0.1:0")}});
    raw_socket before(one->local());
    EXPECT_EQ(before.request("hello"), digits_frame("hello"));
    one->change({.limits = {.idle_deadline = milliseconds(100)}, .connections_max = 2});
    EXPECT_EQ(one->statistics().connections_max, 2);
    raw_socket after(one->local());
    EXPECT_EQ(after.request("hello"), digits_frame("hello"));
    raw_socket third(one->local());
    EXPECT_EQ(third.receive_to_end().received, "");
    EXPECT_EQ(after.receive_to_end().how, ending::eof);
    EXPECT_EQ(before.request("still"), digits_frame("still"));
}

TEST(responsive_server, says_so_once_every_loop_has_come_round) {
    served one({{parsed("127.0.0.1:0")}}, {.threads = 3});
    std::atomic<int> calls{0};
    for (int i = 0; i < 5; ++i) one->when_responsive([&] { ++calls; });
    EXPECT_TRUE(eventually([&] { return calls == 5; }));
}

}  // namespace
}  // namespace framewire::tests::handing_over_tests
