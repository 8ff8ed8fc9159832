#include "transport/proxy_header.hpp"

#include "transport/proxy_header_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests::proxy_header_tests {
namespace {

using version = proxy_announcement::version;
using namespace std::string_view_literals;

const std::string signature("\r\n\r\n\0\r\nQUIT\n", 12);

// A header of version 2: command, family, and what its length announces.
std::string binary(std::uint8_t command, std::uint8_t family, std::string_view rest) {
    std::string all = signature;
    all += static_cast<char>(command);
    all += static_cast<char>(family);
    all += static_cast<char>(rest.size() >> 8U);
    all += static_cast<char>(rest.size() & 0xFFU);
    return all + std::string(rest);
}

const std::string tcp4_addresses("\xC0\0\2\7\xC0\0\2\1\xC7\x38\x1B\x58", 12);

// What a header says, or the name of its error.
std::string read(std::string_view wire) {
    proxy_header_reader reader;
    const auto taken = reader.receive(wire);
    if (!taken) return std::string(error_name(taken.error().code));
    if (!reader.header()) return "incomplete";
    if (!reader.header()->source) return "nobody";
    return reader.header()->source->text() + " " + reader.header()->destination->text();
}

std::string words(std::string_view wire) {
    proxy_header_reader reader;
    const auto taken = reader.receive(wire);
    return taken ? "" : taken.error().message();
}

TEST(proxy_header, version_1) {
    EXPECT_EQ(read("PROXY TCP4 192.0.2.7 192.0.2.1 51000 7000\r\n"),
              "192.0.2.7:51000 192.0.2.1:7000");
    EXPECT_EQ(read("PROXY TCP6 2001:db8::7 2001:DB8::1 0 65535\r\n"),
              "[2001:db8::7]:0 [2001:db8::1]:65535");
    EXPECT_EQ(read("PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n"), "192.0.2.7:1 [::1]:2");
    EXPECT_EQ(read("PROXY UNKNOWN\r\n"), "nobody");
    EXPECT_EQ(read("PROXY UNKNOWN ffff:f...f:ffff ffff 65535 65535\r\n"), "nobody");
}

TEST(proxy_header, version_1_is_strict) {
    for (const auto line : {"PROXY\r\n",
                            "PROXY \r\n",
                            "PROXY TCP4\r\n",
                            "PROXY TCP5 1.1.1.1 1.1.1.1 1 1\r\n",
                            "PROXY tcp4 1.1.1.1 1.1.1.1 1 1\r\n",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 1\r\n",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 1 1 \r\n",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1\r\n",
                            "PROXY TCP4  1.1.1.1 1.1.1.1 1 1\r\n",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 +1 1\r\n",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 01 1\r\n",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 65536 1\r\n",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 1 -1\r\n",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 1 99999999999\r\n",
                            "PROXY TCP4 1.1.1 1.1.1.1 1 1\r\n",
                            "PROXY TCP4 1.1.1.256 1.1.1.1 1 1\r\n",
                            "PROXY TCP4 01.1.1.1 1.1.1.1 1 1\r\n",
                            "PROXY TCP4 ::1 1.1.1.1 1 1\r\n",
                            "PROXY TCP6 1.1.1.1 ::1 1 1\r\n",
                            "PROXY TCP6 [::1] ::1 1 1\r\n",
                            "PROXY TCP6 ::1%lo ::1 1 1\r\n",
                            "PROXY TCP4\t1.1.1.1 1.1.1.1 1 1\r\n",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\n",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\rx",
                            "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\xFF\r\n"}) {
        const std::string_view text(line);
        const auto is_short = text.starts_with("PROXY\r");
        EXPECT_EQ(read(text), is_short ? "proxy.missing" : "proxy.syntax") << line;
    }
}

TEST(proxy_header, version_1_has_at_most_107_bytes) {
    const std::string begun = "PROXY UNKNOWN ";
    EXPECT_EQ(read(begun + std::string(105 - begun.size(), 'x') + "\r\n"), "nobody");
    EXPECT_EQ(read(begun + std::string(106 - begun.size(), 'x') + "\r\n"), "proxy.syntax");
    EXPECT_EQ(read(begun + std::string(106 - begun.size(), 'x')), "incomplete");
    EXPECT_EQ(read(begun + std::string(107 - begun.size(), 'x')), "proxy.syntax");
}

TEST(proxy_header, version_2) {
    EXPECT_EQ(read(binary(0x21, 0x11, tcp4_addresses)), "192.0.2.7:51000 192.0.2.1:7000");
    const std::string of_6(
        "\x20\1\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\7"
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\1\0\2",
        36);
    EXPECT_EQ(read(binary(0x21, 0x21, of_6)), "[2001:db8::7]:1 [::1]:2");
    EXPECT_EQ(read(binary(0x21, 0x00, "")), "nobody");
    EXPECT_EQ(read(binary(0x21, 0x00, "whatever")), "nobody");
}

TEST(proxy_header, a_health_check_announces_nobody) {
    EXPECT_EQ(read(binary(0x20, 0x00, "")), "nobody");
    EXPECT_EQ(read(binary(0x20, 0x11, tcp4_addresses)), "nobody");
    EXPECT_EQ(read(binary(0x20, 0xFF, "what has no meaning")), "nobody");
}

TEST(proxy_header, paths_of_local_sockets) {
    std::string paths(216, '\0');
    paths.replace(0, 5, "/run/");
    paths.replace(108, 6, "\0name\0"sv);
    EXPECT_EQ(read(binary(0x21, 0x31, paths)), "unix:/run/ unix:@name");
    const std::string full(216, 'x');
    EXPECT_EQ(read(binary(0x21, 0x31, full)),
              "unix:" + std::string(108, 'x') + " unix:" + std::string(108, 'x'));
}

TEST(proxy_header, version_2_is_strict) {
    for (const auto command :
         std::vector<std::uint8_t>{0x00, 0x01, 0x11, 0x22, 0x2F, 0x31, 0xFF}) {
        EXPECT_EQ(read(binary(command, 0x11, tcp4_addresses)), "proxy.syntax") << int{command};
    }
    for (const auto family :
         std::vector<std::uint8_t>{0x01, 0x10, 0x12, 0x13, 0x20, 0x22, 0x30, 0x32, 0x41, 0xFF}) {
        EXPECT_EQ(read(binary(0x21, family, std::string(216, '\0'))), "proxy.syntax")
            << int{family};
    }
    EXPECT_EQ(read(binary(0x21, 0x11, tcp4_addresses.substr(1))), "proxy.syntax");
    EXPECT_EQ(read(binary(0x21, 0x21, std::string(35, '\0'))), "proxy.syntax");
    EXPECT_EQ(read(binary(0x21, 0x31, std::string(215, '\0'))), "proxy.syntax");
}

TEST(proxy_header, additional_values_fill_the_rest) {
    const auto with = [](std::string_view values) {
        return read(binary(0x21, 0x11, tcp4_addresses + std::string(values)));
    };
    const std::string found = "192.0.2.7:51000 192.0.2.1:7000";
    EXPECT_EQ(with("\4\0\0"sv), found);
    EXPECT_EQ(with("\4\0\3abc\xEE\0\1x"sv), found);
    EXPECT_EQ(with("\4"sv), "proxy.syntax");
    EXPECT_EQ(with("\4\0"sv), "proxy.syntax");
    EXPECT_EQ(with("\4\0\4abc"sv), "proxy.syntax");
    EXPECT_EQ(with("\4\0\2abc"sv), "proxy.syntax");
    EXPECT_EQ(with("\4\xFF\xFF"
                   "abc"sv),
              "proxy.syntax");
}

// The value was computed with another implementation of CRC-32C.
TEST(proxy_header, a_checksum_must_be_right) {
    const std::string right("\3\0\4\xC1\x53\x5A\x2D", 7);
    const auto with = [](const std::string& values) {
        return read(binary(0x21, 0x11, tcp4_addresses + values));
    };
    EXPECT_EQ(with(right), "192.0.2.7:51000 192.0.2.1:7000");
    for (std::size_t i = 3; i < right.size(); ++i) {
        auto wrong = right;
        wrong[i] = static_cast<char>(wrong[i] ^ 1);
        EXPECT_EQ(with(wrong), "proxy.syntax");
    }
    EXPECT_EQ(with(std::string("\3\0\3xxx", 6)), "proxy.syntax");
}

TEST(proxy_header, version_2_is_bounded) {
    const std::string value("\xEE\7\xE4", 3);
    std::string rest = tcp4_addresses;
    rest += std::string("\xEE") + '\x07' + static_cast<char>(2048 - 16 - 12 - 3 - 0x700);
    rest.resize(2048 - 16, 'x');
    EXPECT_EQ(read(binary(0x21, 0x11, rest)), "192.0.2.7:51000 192.0.2.1:7000");
    const auto longer = binary(0x21, 0x11, rest + "x");
    EXPECT_EQ(read(longer), "proxy.syntax");
    EXPECT_EQ(read(longer.substr(0, 16)), "proxy.syntax") << "before any of it has come";
    EXPECT_EQ(read(binary(0x20, 0x00, std::string(65'535, 'x')).substr(0, 16)), "proxy.syntax");
}

TEST(proxy_header, whatever_else_comes_is_no_header) {
    EXPECT_EQ(words("\x16\x03\x01\x02"sv),
              R"(proxy.missing: the stream begins with "\x16\x03\x01\x02", which looks like TLS)");
    EXPECT_EQ(words("POST / HTTP/1.1\r\n"),
              R"(proxy.missing: the stream begins with "POST / HTTP/1.1\r"..., )"
              "which looks like HTTP");
    EXPECT_EQ(words("\r\n\r\n\0\r\nQUIX"sv),
              R"(proxy.missing: the stream begins with "\r\n\r\n\x00\r\nQUIX")");
    EXPECT_EQ(read("0000000005Hello"), "proxy.missing");
    EXPECT_EQ(read("\r\n"), "incomplete");
    EXPECT_EQ(read("\n"), "proxy.missing");
    EXPECT_EQ(read("PROXY"), "incomplete");
    EXPECT_EQ(read("PROXYT"), "proxy.missing");
}

TEST(proxy_header, the_split_does_not_matter) {
    const std::vector<std::string> headers{"PROXY TCP4 192.0.2.7 192.0.2.1 51000 7000\r\n",
                                           "PROXY UNKNOWN\r\n", binary(0x21, 0x11, tcp4_addresses),
                                           binary(0x20, 0x00, "")};
    for (const auto& header : headers) {
        const auto whole = read(header);
        const auto wire = header + "PROXY what follows";
        for (std::size_t at = 0; at <= header.size(); ++at) {
            proxy_header_reader reader;
            std::size_t taken = 0;
            for (const auto part : {bytes(wire).substr(0, at), bytes(wire).substr(at)}) {
                if (!reader.header()) taken += *reader.receive(part);
            }
            EXPECT_EQ(taken, header.size()) << at;
            ASSERT_TRUE(reader.header()) << at;
            EXPECT_EQ(reader.header()->source.has_value(), whole != "nobody");
            EXPECT_EQ(reader.held_bytes(), 0U);
        }
        proxy_header_reader each;
        for (const char& one : header) EXPECT_EQ(*each.receive({&one, 1}), 1U);
        ASSERT_TRUE(each.header());
    }
}

TEST(proxy_header, where_a_wire_ends_before) {
    proxy_header_reader reader;
    EXPECT_EQ(reader.ended().code, errc::proxy_missing);
    ASSERT_TRUE(reader.receive("PROXY TC"));
    EXPECT_EQ(reader.ended().message(), "proxy.syntax: the connection ended after 8 bytes of it");
}

TEST(proxy_header, what_is_written_is_read) {
    const endpoint one{"192.0.2.7", 51000, endpoint::family::ipv4};
    const endpoint two{"2001:db8::1", 7000, endpoint::family::ipv6};
    const endpoint local{"/run/x", 0, endpoint::family::local};
    for (const auto as : {version::v1, version::v2}) {
        EXPECT_EQ(read(proxy_header{one, one}.text(as)), "192.0.2.7:51000 192.0.2.7:51000");
        EXPECT_EQ(read(proxy_header{two, two}.text(as)), "[2001:db8::1]:7000 [2001:db8::1]:7000");
        EXPECT_EQ(read(proxy_header{one, two}.text(as)), "192.0.2.7:51000 [2001:db8::1]:7000");
        EXPECT_EQ(read(proxy_header{one, local}.text(as)), "nobody");
        EXPECT_EQ(read(proxy_header{local, local}.text(as)), "nobody");
        EXPECT_EQ(read(proxy_header{}.text(as)), "nobody");
    }
    EXPECT_EQ((proxy_header{one, one}.text(version::v1)),
              "PROXY TCP4 192.0.2.7 192.0.2.7 51000 51000\r\n");
}

}  // namespace
}  // namespace framewire::tests::proxy_header_tests
