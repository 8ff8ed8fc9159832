#include "framewire/net/client.hpp"
#include "io/descriptor.hpp"
#include "raw_socket.hpp"
#include "resources.hpp"
#include "scratch_path.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <chrono>
#include <list>
#include <string>
#include <thread>

namespace framewire::tests::client_connecting_tests {
namespace {

using std::chrono::milliseconds;

TEST(client_connecting, nobody_listens) {
    const auto before = open_descriptors();
    const auto where = [] {
        raw_socket gone(endpoint::family::ipv4);
        gone.listen();
        return gone.local().text();
    }();
    const auto one = client::connect(where, "digits:10");
    ASSERT_FALSE(one);
    EXPECT_EQ(one.error().message(), "cannot connect to " + where + ": connection refused");
    EXPECT_FALSE(one.error().hint.empty());
    EXPECT_EQ(open_descriptors(), before);
}

TEST(client_connecting, no_such_local_socket) {
    const auto one = client::connect("unix:/no/such/socket", "digits:10");
    ASSERT_FALSE(one);
    EXPECT_EQ(one.error().message(),
              "cannot connect to unix:/no/such/socket: no such file or directory");
}

TEST(client_connecting, unknown_host) {
    const auto one = client::connect("nobody.invalid:7000", "digits:10");
    ASSERT_FALSE(one);
    EXPECT_NE(one.error().message().find("host 'nobody.invalid'"), std::string::npos)
        << one.error().message();
    EXPECT_FALSE(one.error().hint.empty());
}

TEST(client_connecting, what_is_not_understood) {
    for (const std::string_view where : {"", "localhost", "localhost:http", "::1:7"}) {
        const auto one = client::connect(where, "digits:10");
        ASSERT_FALSE(one) << where;
        EXPECT_TRUE(one.error().message().starts_with("address '")) << one.error().message();
    }
    for (const std::string_view framing : {"", "digits", "digits:0", "nonsense:4"}) {
        const auto one = client::connect("127.0.0.1:1", framing);
        ASSERT_FALSE(one) << framing;
        EXPECT_FALSE(one.error().message().empty());
    }
}

// A listener whose queue is full answers nothing at all.
TEST(client_connecting, no_answer_in_time) {
    raw_socket full(endpoint::family::ipv4);
    full.listen(0);
    std::list<raw_socket> queue;
    do {
        queue.emplace_back(endpoint::family::ipv4).begin_to_connect(full.local());
    } while (queue.back().connected_within(milliseconds(100)) && queue.size() < 10);
    ASSERT_LT(queue.size(), 10U);
    const auto where = full.local().text();
    const auto began = std::chrono::steady_clock::now();
    const auto one = client::connect(where, "digits:10", {.connect_timeout = milliseconds(200)});
    ASSERT_FALSE(one);
    EXPECT_EQ(one.error().message(), "cannot connect to " + where + ": no answer in time");
    const auto took = std::chrono::steady_clock::now() - began;
    EXPECT_GE(took, milliseconds(200));
    EXPECT_LT(took, milliseconds(4000));
}

// Such a socket reports that it is busy where others keep their peer waiting.
TEST(client_connecting, a_local_socket_that_is_busy_is_waited_for) {
    const scratch_path path("busy.sock");
    sockaddr_un at{.sun_family = AF_UNIX, .sun_path = {}};
    path.text().copy(at.sun_path, sizeof at.sun_path - 1);
    const owned_descriptor busy(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(busy.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(::listen(busy.get(), 0), 0);
    const auto first = client::connect(path.address(), "digits:10");
    ASSERT_TRUE(first) << first.error().message();
    const auto late =
        client::connect(path.address(), "digits:10", {.connect_timeout = milliseconds(100)});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().message(),
              "cannot connect to " + path.address() + ": no answer in time");
    std::thread later([&] {
        std::this_thread::sleep_for(milliseconds(100));
        owned_descriptor(::accept(busy.get(), nullptr, nullptr)).close();
    });
    EXPECT_TRUE(client::connect(path.address(), "digits:10"));
    later.join();
}

}  // namespace
}  // namespace framewire::tests::client_connecting_tests
