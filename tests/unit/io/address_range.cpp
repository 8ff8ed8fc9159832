#include "framewire/io/address_range.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests::address_range_tests {
namespace {

endpoint at(std::string host) {
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return {std::move(host), 7000, is_ipv6 ? endpoint::family::ipv6 : endpoint::family::ipv4};
}

address_range range(std::string_view text) { return *address_range::parse(text); }

TEST(address_range, accepted) {
    struct row {
        std::string_view text;
        std::string_view printed;
    };
    const std::vector<row> rows{
        {"10.0.0.0/8", "10.0.0.0/8"},
        {"192.0.2.7", "192.0.2.7"},
        {"192.0.2.7/32", "192.0.2.7"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"172.16.0.0/12", "172.16.0.0/12"},
        {"::1", "::1"},
        {"::/0", "::/0"},
        {"2001:DB8::/32", "2001:db8::/32"},
        {"fe80::/10", "fe80::/10"},
        {"::ffff:10.0.0.0/104", "10.0.0.0/8"},
        {"::ffff:192.0.2.7", "192.0.2.7"},
        {"unix", "unix"},
    };
    for (const auto& row : rows) {
        const auto parsed = address_range::parse(row.text);
        ASSERT_TRUE(parsed) << row.text;
        EXPECT_EQ(parsed->text(), row.printed);
        EXPECT_EQ(range(row.printed), *parsed) << row.text;
    }
}

TEST(address_range, refused) {
    for (const auto text : {"",
                            "/",
                            "/8",
                            "10.0.0.0/",
                            "10.0.0.0/33",
                            "10.0.0.0/-1",
                            "10.0.0.0/+8",
                            "10.0.0.0/8 ",
                            "10.0.0.0/8/8",
                            "10.0.0/8",
                            "10.0.0.01",
                            "256.0.0.0/8",
                            "::/129",
                            "[::1]",
                            "::1%lo",
                            "localhost",
                            "*",
                            "unix:/path",
                            "UNIX",
                            "10.0.0.0:7000"}) {
        EXPECT_FALSE(address_range::parse(text)) << text;
    }
}

TEST(address_range, a_bit_after_the_prefix_is_a_mistake) {
    const auto parsed = address_range::parse("10.0.0.1/8");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().message(),
              "address range '10.0.0.1/8': bits are set after the first 8");
    EXPECT_EQ(parsed.error().hint, "10.0.0.0/8, or one address without /8");
    EXPECT_FALSE(address_range::parse("2001:db8::1/64"));
    EXPECT_FALSE(address_range::parse("192.0.2.128/24"));
    EXPECT_TRUE(address_range::parse("192.0.2.128/25"));
}

TEST(address_range, contains_the_addresses_with_its_bits) {
    const auto of_12 = range("172.16.0.0/12");
    EXPECT_TRUE(of_12.contains(at("172.16.0.0")));
    EXPECT_TRUE(of_12.contains(at("172.31.255.255")));
    EXPECT_FALSE(of_12.contains(at("172.32.0.0")));
    EXPECT_FALSE(of_12.contains(at("172.15.255.255")));
    EXPECT_TRUE(of_12.contains(at("::ffff:172.16.0.1")));
    EXPECT_TRUE(range("192.0.2.7").contains(at("192.0.2.7")));
    EXPECT_FALSE(range("192.0.2.7").contains(at("192.0.2.6")));
    EXPECT_TRUE(range("2001:db8::/33").contains(at("2001:db8:7fff::1")));
    EXPECT_FALSE(range("2001:db8::/33").contains(at("2001:db8:8000::1")));
}

TEST(address_range, a_family_contains_no_other) {
    EXPECT_FALSE(range("0.0.0.0/0").contains(at("::1")));
    EXPECT_FALSE(range("::/0").contains(at("127.0.0.1")));
    EXPECT_FALSE(range("::/0").contains(at("::ffff:127.0.0.1")));
    const endpoint local{"/run/x", 0, endpoint::family::local};
    EXPECT_FALSE(range("0.0.0.0/0").contains(local));
    EXPECT_TRUE(range("unix").contains(local));
    EXPECT_FALSE(range("unix").contains(at("127.0.0.1")));
}

TEST(address_rules, what_is_denied_is_denied_however_it_is_allowed) {
    address_rules rules;
    EXPECT_TRUE(rules.permit(at("192.0.2.7")));
    rules.denied = {range("192.0.2.0/24")};
    EXPECT_FALSE(rules.permit(at("192.0.2.7")));
    EXPECT_TRUE(rules.permit(at("198.51.100.1")));
    rules.allowed = {range("192.0.2.7"), range("10.0.0.0/8")};
    EXPECT_FALSE(rules.permit(at("192.0.2.7")));
    EXPECT_FALSE(rules.permit(at("198.51.100.1")));
    EXPECT_TRUE(rules.permit(at("10.1.2.3")));
}

}  // namespace
}  // namespace framewire::tests::address_range_tests
