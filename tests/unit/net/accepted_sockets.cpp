#include "eventually.hpp"
#include "failing_calls.hpp"
#include "io/sockets.hpp"
#include "resources.hpp"
#include "running_server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace framewire::tests::accepted_sockets_tests {
namespace {

// Where the peers of closed connections were.
class closed_peers final : public observer {
public:
    void on(const peer& who, const occurrence& what) override {
        if (!std::holds_alternative<occurred::closed>(what)) return;
        const std::lock_guard lock(mutex_);
        all_.push_back(who.remote.text());
    }
    [[nodiscard]] std::vector<std::string> all() const {
        const std::lock_guard lock(mutex_);
        return all_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> all_;
};

// The system has forgotten the address of a peer that reset its connection before it is accepted.
TEST(accepted_sockets, a_peer_that_resets_at_once_is_known_by_its_address) {
    gate called;
    gate go_on;
    closed_peers observer;
    const running_server serving({.observer = &observer},
                                 {.service = service_from([&](bytes payload, outbox& replies) {
                                      called.open();
                                      go_on.pass();
                                      (void)replies.reply(payload);
                                  })});
    auto first = serving.connect();
    first.send(digits_frame("first"));
    called.pass();
    std::vector<std::string> addresses;
    for (int i = 0; i < 3; ++i) {
        auto one = serving.connect();
        addresses.push_back(one.local().text());
        one.reset();
    }
    go_on.open();
    ASSERT_TRUE(eventually([&] { return observer.all().size() == addresses.size(); }));
    EXPECT_EQ(observer.all(), addresses);
}

// The descriptor that a server of this process has for a client.
int served_descriptor(const raw_socket& client) {
    const auto wanted = client.local().port;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int one = std::stoi(entry.path().filename().string());
        sockaddr_in at{};
        socklen_t size = sizeof at;
        if (::getpeername(one, reinterpret_cast<sockaddr*>(&at), &size) == 0 &&
            at.sin_family == AF_INET && ntohs(at.sin_port) == wanted) {
            return one;
        }
    }
    return -1;
}

int option(int descriptor, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    EXPECT_EQ(::getsockopt(descriptor, level, name, &value, &size), 0);
    return value;
}

TEST(accepted_sockets, a_vanished_peer_is_noticed_within_a_minute) {
    const running_server serving;
    auto one = serving.connect();
    EXPECT_EQ(one.request("x"), digits_frame("x"));
    const int ours = served_descriptor(one);
    EXPECT_EQ(option(ours, SOL_SOCKET, SO_KEEPALIVE), 1);
    EXPECT_EQ(option(ours, IPPROTO_TCP, TCP_KEEPIDLE), 30);
    EXPECT_EQ(option(ours, IPPROTO_TCP, TCP_KEEPINTVL), 10);
    EXPECT_EQ(option(ours, IPPROTO_TCP, TCP_KEEPCNT), 3);
    EXPECT_EQ(option(ours, IPPROTO_TCP, TCP_USER_TIMEOUT), 60'000);
    EXPECT_EQ(option(ours, IPPROTO_TCP, TCP_NODELAY), 1);
}

// The system would end a peer that only does not read, too.
TEST(accepted_sockets, the_system_gives_a_peer_the_time_of_the_write_deadline) {
    const raw_socket one(endpoint::family::ipv4);
    const auto timeout_for = [&](std::chrono::milliseconds write_deadline) {
        prepare_connection(one.descriptor(), write_deadline);
        return option(one.descriptor(), IPPROTO_TCP, TCP_USER_TIMEOUT);
    };
    EXPECT_EQ(timeout_for(std::chrono::seconds(1)), 60'000);
    EXPECT_EQ(timeout_for(std::chrono::minutes(5)), 300'000);
    EXPECT_EQ(timeout_for(std::chrono::years(100)), std::numeric_limits<int>::max());
    EXPECT_EQ(timeout_for(std::chrono::seconds(0)), 0);
}

TEST(accepted_sockets, nothing_of_a_server_is_inherited_by_programs) {
    const auto all = [] {
        std::set<int> found;
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
            found.insert(std::stoi(entry.path().filename().string()));
        }
        std::erase_if(found, [](int one) { return ::fcntl(one, F_GETFD) < 0; });  // the list's own
        return found;
    };
    const auto before = all();
    const running_server serving({.threads = 2});
    auto one = serving.connect();
    EXPECT_EQ(one.request("x"), digits_frame("x"));
    int count = 0;
    for (const int each : all()) {
        if (before.contains(each) || each == one.descriptor()) continue;
        ++count;
        EXPECT_EQ(::fcntl(each, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC)
            << std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(each));
    }
    EXPECT_GE(count, 7);  // for each thread a poller, an eventfd and a listener
}

// To the system it is out of band, and it would not be read with the others.
TEST(accepted_sockets, an_urgent_byte_stays_in_the_stream) {
    const running_server serving;
    auto one = serving.connect();
    const auto frame = digits_frame("urgent");
    one.send(std::string_view(frame).substr(0, 12));
    ASSERT_EQ(::sendto(one.descriptor(), &frame[12], 1, MSG_OOB, nullptr, 0), 1);
    one.send(std::string_view(frame).substr(13));
    EXPECT_EQ(one.receive(frame.size()), frame);
}

// A child process that was forked has such a copy; the poller would report it for ever, for a
// connection that is not there any more.
TEST(accepted_sockets, the_poller_forgets_one_that_has_a_copy) {
    const running_server serving;
    auto kept = serving.connect();
    EXPECT_EQ(kept.request("x"), digits_frame("x"));
    const auto before = polled_descriptors();
    for (const bool by_reset : {false, true}) {
        auto one = serving.connect();
        EXPECT_EQ(one.request("x"), digits_frame("x"));
        EXPECT_EQ(polled_descriptors(), before + 1);
        // Past the C library, where ThreadSanitizer would take our reading for a race.
        const owned_descriptor copy(static_cast<int>(::syscall(SYS_dup, served_descriptor(one))));
        by_reset ? one.reset() : one.close();
        ASSERT_TRUE(serving.comes_to_have_open(1));
        EXPECT_TRUE(eventually([&] { return polled_descriptors() == before; }));
        EXPECT_EQ(kept.request("x"), digits_frame("x"));
    }
}

// Who was refused, and what the system said.
class refused_peers final : public observer {
public:
    void on(const peer& who, const occurrence& what) override {
        const auto* const how = std::get_if<occurred::refused>(&what);
        if (how == nullptr) return;
        const std::lock_guard lock(mutex_);
        last_ = fmt::format("{} {} {}", who.remote.text(), error_name(how->why), how->words);
    }
    [[nodiscard]] std::string last() const {
        const std::lock_guard lock(mutex_);
        return last_;
    }

private:
    mutable std::mutex mutex_;
    std::string last_;
};

TEST(accepted_sockets, a_refusal_says_who_and_why) {
    const failing_calls_end then;
    refused_peers observer;
    const running_server serving({.observer = &observer});
    raw_socket one(endpoint::family::ipv4);
    fail_next(system_call::epoll_add, ENOSPC);
    one.connect(serving.local());
    ASSERT_TRUE(serving.comes_to_count(errc::io_failed));
    const auto expected = fmt::format("{} io.failed {}", one.local().text(), system_words(ENOSPC));
    EXPECT_TRUE(eventually([&] { return observer.last() == expected; })) << observer.last();
    fail_next(system_call::accept4, ENOBUFS);
    auto other = serving.connect();
    EXPECT_EQ(other.request("x"), digits_frame("x"));
    EXPECT_EQ(observer.last(),
              fmt::format("{} io.failed {}", endpoint{}.text(), system_words(ENOBUFS)));
}

}  // namespace
}  // namespace framewire::tests::accepted_sockets_tests
