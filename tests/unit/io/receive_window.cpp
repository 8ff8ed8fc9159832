#include "io/sockets.hpp"

#include "io/descriptor.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace framewire::receive_window_tests {
namespace {

int option_of(const owned_descriptor& socket, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    EXPECT_EQ(::getsockopt(socket.get(), SOL_SOCKET, name, &value, &size), 0);
    return value;
}

TEST(receive_window, is_widened_and_nothing_waits_for_the_mark) {
    const owned_descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    ASSERT_EQ(::bind(listener.get(), address, size), 0);
    ASSERT_EQ(::listen(listener.get(), 1), 0);
    ASSERT_EQ(::getsockname(listener.get(), address, &size), 0);
    const owned_descriptor peer(::socket(AF_INET, SOCK_STREAM, 0));
    ASSERT_EQ(::connect(peer.get(), address, size), 0);
    const owned_descriptor accepted(::accept(listener.get(), nullptr, nullptr));
    const auto before = option_of(accepted, SO_RCVBUF);
    widen_receive_window(accepted.get());
    EXPECT_GT(option_of(accepted, SO_RCVBUF), before);
    EXPECT_EQ(option_of(accepted, SO_RCVLOWAT), 1);
}

}  // namespace
}  // namespace framewire::receive_window_tests
