#include "net/address_table.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <cstring>

namespace framewire::tests::address_table_tests {
namespace {

address_key ipv4(const char* text) {
    sockaddr_in in{.sin_family = AF_INET, .sin_port = htons(1), .sin_addr = {}, .sin_zero = {}};
    EXPECT_EQ(::inet_pton(AF_INET, text, &in.sin_addr), 1);
    socket_address at{.storage = {}, .size = sizeof in};
    std::memcpy(&at.storage, &in, sizeof in);
    return host_of(at);
}

address_key ipv6(const char* text) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    EXPECT_EQ(::inet_pton(AF_INET6, text, &in.sin6_addr), 1);
    socket_address at{.storage = {}, .size = sizeof in};
    std::memcpy(&at.storage, &in, sizeof in);
    return host_of(at);
}

TEST(host_of, an_ipv4_address_is_a_host) {
    EXPECT_EQ(ipv4("192.0.2.1"), ipv4("192.0.2.1"));
    EXPECT_NE(ipv4("192.0.2.1"), ipv4("192.0.2.2"));
}

TEST(host_of, a_mapped_address_is_the_ipv4_address) {
    EXPECT_EQ(ipv6("::ffff:192.0.2.1"), ipv4("192.0.2.1"));
    EXPECT_NE(ipv6("::ffff:192.0.2.1"), ipv6("::ffff:192.0.2.2"));
}

TEST(host_of, an_ipv6_host_is_its_first_64_bits) {
    EXPECT_EQ(ipv6("2001:db8:0:1::1"), ipv6("2001:db8:0:1:ffff:ffff:ffff:ffff"));
    EXPECT_NE(ipv6("2001:db8:0:1::1"), ipv6("2001:db8:0:2::1"));
    EXPECT_NE(ipv6("::1"), ipv4("0.0.0.0"));
}

TEST(host_of, a_local_socket_has_none) {
    socket_address local{.storage = {}, .size = 2};
    local.storage.ss_family = AF_UNIX;
    EXPECT_EQ(host_of(local), address_key{});
    EXPECT_EQ(host_of(socket_address{}), address_key{});
}

// What a proxy announces is the same host as one that connects itself.
TEST(host_of, an_announced_address_is_the_same_host) {
    const auto announced = [](const char* host, endpoint::family kind) {
        return host_of(endpoint{host, 7000, kind});
    };
    using family = endpoint::family;
    EXPECT_EQ(announced("192.0.2.7", family::ipv4), ipv4("192.0.2.7"));
    EXPECT_EQ(announced("::ffff:192.0.2.7", family::ipv6), ipv4("192.0.2.7"));
    EXPECT_EQ(announced("2001:db8::7", family::ipv6), ipv6("2001:db8::8"));
    EXPECT_EQ(announced("/run/x", family::local), address_key());
}

TEST(address_table, counts_each_host) {
    address_table table(2);
    const auto one = ipv4("192.0.2.1");
    const auto other = ipv6("2001:db8::1");
    EXPECT_TRUE(table.add(one));
    EXPECT_TRUE(table.add(one));
    EXPECT_FALSE(table.add(one));
    EXPECT_TRUE(table.add(other));
    table.remove(one);
    EXPECT_TRUE(table.add(one));
    EXPECT_FALSE(table.add(one));
}

TEST(address_table, does_not_count_what_has_no_host) {
    address_table table(1);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(table.add({}));
}

}  // namespace
}  // namespace framewire::tests::address_table_tests
