#include "eventually.hpp"
#include "framewire/net/client.hpp"
#include "io/descriptor.hpp"
#include "resources.hpp"
#include "running_server.hpp"
#include "scratch_path.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <fstream>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace framewire::tests::listening_tests {
namespace {

result<server> listen_on(std::string_view address, unsigned threads = 1) {
    return server::listen(address, "digits:10", service_named("echo"), {.threads = threads});
}

bool has_ipv6() {
    try {
        raw_socket probe(endpoint::family::ipv6);
        probe.begin_to_connect({"::1", 9, endpoint::family::ipv6});
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

TEST(listening, the_system_chooses_a_port) {
    const auto one = listen_on("127.0.0.1:0");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->local().host, "127.0.0.1");
    EXPECT_NE(one->local().port, 0);
    EXPECT_EQ(one->local().kind, endpoint::family::ipv4);
}

TEST(listening, a_name_is_resolved) {
    const auto one = listen_on("localhost:0");
    ASSERT_TRUE(one) << one.error().message();
    EXPECT_NE(one->local().port, 0);
}

TEST(listening, a_port_that_is_taken_is_refused) {
    for (const unsigned first_threads : {1U, 3U}) {
        const auto first = listen_on("127.0.0.1:0", first_threads);
        ASSERT_TRUE(first);
        const auto where = first->local().text();
        const auto before = open_descriptors();
        for (const unsigned second_threads : {1U, 3U}) {
            const auto second = listen_on(where, second_threads);
            ASSERT_FALSE(second) << first_threads << " and " << second_threads;
            EXPECT_EQ(second.error().message(), "cannot listen on " + where + ": address in use");
            EXPECT_FALSE(second.error().hint.empty());
        }
        EXPECT_EQ(open_descriptors(), before);
    }
}

TEST(listening, a_port_is_free_again_after_the_server) {
    std::string where;
    {
        running_server first;
        where = first.local().text();
        auto one = first.connect();
        EXPECT_EQ(one.request("x"), digits_frame("x"));
        first.stop();
        EXPECT_EQ(one.receive_to_end().how, ending::eof);
    }
    for (const unsigned threads : {1U, 2U}) {
        const auto second = listen_on(where, threads);
        EXPECT_TRUE(second) << second.error().message();
    }
}

TEST(listening, what_cannot_be_listened_on) {
    const auto before = open_descriptors();
    EXPECT_FALSE(listen_on("nobody.invalid:7000"));
    EXPECT_FALSE(listen_on("192.0.2.1:0"));
    EXPECT_FALSE(listen_on("127.0.0.1"));
    EXPECT_FALSE(listen_on("unix:/no/such/folder/socket"));
    EXPECT_FALSE(listen_on("unix:/" + std::string(200, 'x')));
    EXPECT_FALSE(server::listen("127.0.0.1:0", "digits:", service_named("echo")));
    EXPECT_EQ(open_descriptors(), before);
}

TEST(listening, ipv6_loopback) {
    if (!has_ipv6()) GTEST_SKIP() << "no IPv6 here";
    for (const unsigned threads : {1U, 2U}) {
        const running_server serving({.threads = threads}, {.address = "[::1]:0"});
        EXPECT_EQ(serving.local().kind, endpoint::family::ipv6);
        EXPECT_TRUE(serving.local().text().starts_with("[::1]:"));
        EXPECT_EQ(serving.connect().request("six"), digits_frame("six"));
    }
}

// True if a server of this port can be reached at `host`.
bool answers_at(const std::string& host, endpoint::family kind, std::uint16_t port) try {
    raw_socket one(endpoint{host, port, kind});
    return one.request("any") == digits_frame("any");
} catch (const std::exception&) {
    return false;
}

TEST(listening, without_a_host_only_this_machine) {
    for (const unsigned threads : {1U, 3U}) {
        const running_server serving({.threads = threads}, {.address = ":0"});
        EXPECT_EQ(serving.local().host, "127.0.0.1");
        const auto port = serving.local().port;
        // Enough to reach every loop.
        for (int i = 0; i < 12; ++i) {
            EXPECT_TRUE(answers_at("127.0.0.1", endpoint::family::ipv4, port));
            EXPECT_EQ(answers_at("::1", endpoint::family::ipv6, port), has_ipv6());
        }
        EXPECT_FALSE(answers_at("127.0.0.2", endpoint::family::ipv4, port));
    }
}

TEST(listening, without_a_host_both_ports_must_be_free) {
    if (!has_ipv6()) GTEST_SKIP() << "no IPv6 here";
    const auto first = listen_on("[::1]:0");
    ASSERT_TRUE(first);
    const auto before = open_descriptors();
    const auto second = listen_on(fmt::format(":{}", first->local().port));
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().message().find("address in use"), std::string::npos);
    EXPECT_EQ(open_descriptors(), before);
}

class remote_hosts final : public observer {
public:
    void on(const peer& who, const occurrence& what) override {
        if (!std::holds_alternative<occurred::opened>(what)) return;
        const std::lock_guard lock(mutex_);
        all_.insert(who.remote.host);
    }
    [[nodiscard]] std::set<std::string> all() const {
        const std::lock_guard lock(mutex_);
        return all_;
    }

private:
    mutable std::mutex mutex_;
    std::set<std::string> all_;
};

TEST(listening, every_address_of_both_protocols) {
    for (const unsigned threads : {1U, 3U}) {
        remote_hosts seen;
        const running_server serving({.threads = threads, .observer = &seen}, {.address = "*:0"});
        const auto port = serving.local().port;
        EXPECT_EQ(serving.local().host, has_ipv6() ? "::" : "0.0.0.0");
        EXPECT_TRUE(answers_at("127.0.0.1", endpoint::family::ipv4, port));
        EXPECT_TRUE(answers_at("127.0.0.2", endpoint::family::ipv4, port));
        EXPECT_EQ(seen.all(), std::set<std::string>{"127.0.0.1"});  // as they are known
        EXPECT_EQ(answers_at("::1", endpoint::family::ipv6, port), has_ipv6());
    }
}

TEST(listening, every_address_is_nowhere_to_connect_to) {
    const auto none = client::connect("*:7000", "digits:10");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().message(), "*:7000: every address is for servers");
}

TEST(listening, local_socket) {
    const scratch_path scratch("local.sock");
    const auto where = scratch.address();
    {
        running_server serving({}, {.address = where});
        EXPECT_EQ(serving.local().kind, endpoint::family::local);
        EXPECT_EQ(serving.local().text(), where);
        auto one = serving.connect();
        EXPECT_EQ(one.request("local"), digits_frame("local"));
        serving.stop();
        EXPECT_EQ(one.receive_to_end().how, ending::eof);
        one.close();
        EXPECT_TRUE(serving.ends_within(test_timeout));
    }
}

TEST(listening, a_local_socket_that_a_server_listens_on_is_refused) {
    const scratch_path scratch("taken.sock");
    const auto where = scratch.address();
    const running_server first({}, {.address = where});
    const auto second = listen_on(where);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().message(), "cannot listen on " + where + ": address in use");
    EXPECT_EQ(first.connect().request("mine"), digits_frame("mine"));
}

// What a server that was killed leaves behind.
void leave_socket(const std::string& path) {
    auto killed = listen_on("unix:" + path);
    ASSERT_TRUE(killed);
    ASSERT_EQ(::link(path.c_str(), (path + ".kept").c_str()), 0);
    killed = tl::unexpected(failure{});
    ASSERT_EQ(::rename((path + ".kept").c_str(), path.c_str()), 0);
}

bool is_there(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

TEST(listening, a_socket_file_that_was_left_over_is_replaced) {
    const scratch_path scratch("left_over.sock");
    const auto& path = scratch.text();
    for (const unsigned threads : {1U, 2U}) {
        leave_socket(path);
        ASSERT_TRUE(is_there(path));
        {
            const running_server second({.threads = threads}, {.address = scratch.address()});
            EXPECT_EQ(second.connect().request("mine"), digits_frame("mine"));
        }
        EXPECT_FALSE(is_there(path));
    }
}

// Somebody has removed the file of a running server, and started another.
TEST(listening, the_socket_file_of_a_successor_is_left_alone) {
    const scratch_path scratch("successor.sock");
    const auto& path = scratch.text();
    std::optional<running_server> first(std::in_place, server_settings{},
                                        serving{.address = scratch.address()});
    ASSERT_EQ(::unlink(path.c_str()), 0);
    const running_server second({}, {.address = scratch.address()});
    first.reset();
    ASSERT_TRUE(is_there(path));
    EXPECT_EQ(second.connect().request("mine"), digits_frame("mine"));
}

TEST(listening, one_of_many_takes_over_a_socket_file) {
    const scratch_path scratch("many.sock");
    for (int round = 0; round < 20; ++round) {
        leave_socket(scratch.text());
        std::vector<std::future<result<server>>> all;
        for (int i = 0; i < 4; ++i) {
            all.push_back(
                std::async(std::launch::async, [&] { return listen_on(scratch.address()); }));
        }
        std::vector<server> listening;
        for (auto& one : all) {
            if (auto made = one.get()) listening.push_back(std::move(*made));
        }
        ASSERT_EQ(listening.size(), 1U);
        const raw_socket reached(listening.front().local());
    }
}

TEST(listening, a_folder_that_stays_locked) {
    const scratch_path scratch("locked.sock");
    const auto folder = scratch.text().substr(0, scratch.text().rfind('/'));
    const owned_descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY));
    ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
    const auto one = listen_on(scratch.address());
    ASSERT_FALSE(one);
    EXPECT_EQ(one.error().hint, "another program has locked its folder");
    EXPECT_FALSE(is_there(scratch.text()));
    ASSERT_EQ(::flock(lock.get(), LOCK_UN), 0);
    EXPECT_TRUE(listen_on(scratch.address()));
}

TEST(listening, a_socket_file_has_the_mode_that_was_asked_for) {
    const scratch_path scratch("mode.sock");
    for (const mode_t mask : {0U, 022U, 0777U}) {
        const auto before = ::umask(mask);
        for (const char* const mode : {"600", "660", "666", "777"}) {
            const auto one = listen_on(scratch.address() + ",mode=" + mode);
            ASSERT_TRUE(one) << one.error().message();
            struct stat found {};
            ASSERT_EQ(::stat(scratch.text().c_str(), &found), 0);
            EXPECT_EQ(fmt::format("{:o}", found.st_mode & 07777), mode);
            EXPECT_EQ(one->local().text(), scratch.address());
        }
        ::umask(before);
    }
    EXPECT_FALSE(client::connect(scratch.address() + ",mode=660", "digits:10"));
}

// Root may write everywhere.
TEST(listening, a_folder_that_is_not_ours) {
    constexpr uid_t somebody = 54321;
    const auto us = ::geteuid();
    ASSERT_EQ(::seteuid(us == 0 ? somebody : us), 0);
    const auto local = listen_on("unix:/framewire.sock");
    ASSERT_EQ(::seteuid(us), 0);
    ASSERT_FALSE(local);
    EXPECT_EQ(local.error().words,
              "cannot listen on unix:/framewire.sock: " + system_words(EACCES));
    EXPECT_EQ(local.error().hint, "its folder must be writable");
}

TEST(listening, a_file_that_is_no_socket_is_left_alone) {
    const scratch_path scratch("file.sock");
    const auto& path = scratch.text();
    const auto where = scratch.address();
    std::ofstream(path) << "precious";
    EXPECT_FALSE(listen_on(where));
    std::string found;
    std::ifstream(path) >> found;
    EXPECT_EQ(found, "precious");
}

}  // namespace
}  // namespace framewire::tests::listening_tests
