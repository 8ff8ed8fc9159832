// Connections that say nothing make room for others.

#include "eventually.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <string>
#include <thread>
#include <vector>

namespace framewire::tests {
namespace {

using std::chrono::milliseconds;

// As if from another host.
raw_socket connect_from(const char* host, const running_server& to) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in from{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {}, .sin_zero = {}};
    EXPECT_EQ(::inet_pton(AF_INET, host, &from.sin_addr), 1);
    EXPECT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&from), sizeof from), 0);
    raw_socket one(descriptor);
    one.connect(to.local());
    return one;
}

// The server is asked again until one of those that it has is silent enough.
bool comes_to_serve(const running_server& serving) {
    return eventually([&] {
        auto one = serving.connect();
        try {
            one.send(digits_frame("in"));
        } catch (const std::exception&) {
            return false;
        }
        return one.readable_within(test_timeout) && one.receive_to_end_or(12) == digits_frame("in");
    });
}

TEST(crowds, row_151_those_who_say_nothing_lock_nobody_out) {
    const running_server serving({.connections_max = 20});
    std::vector<raw_socket> crowd;
    for (int i = 0; i < 100; ++i) crowd.push_back(serving.connect());
    EXPECT_TRUE(comes_to_serve(serving));
    EXPECT_GE(serving.failures(errc::limit_evicted), 1U);
}

}  // namespace
}  // namespace framewire::tests
