#include "capture/segment.hpp"

#include "captured_talk.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace framewire::segment_tests {
namespace {

using namespace tests;

const std::string hello = tcp({.source_port = 40'000,
                               .destination_port = 7000,
                               .sequence = 9,
                               .flags = "A",
                               .payload = "Hello"});

// Numbers of LINKTYPE_.
constexpr int null_link = 0;
constexpr int ethernet_link = 1;
constexpr int raw_link = 101;
constexpr int loop_link = 108;
constexpr int sll_link = 113;
constexpr int sll2_link = 276;

tl::expected<segment, no_segment> read_sent(bytes record, std::size_t sent,
                                            int link_type = raw_link) {
    return segment_reader().read({.captured = record, .sent_bytes = sent, .link_type = link_type});
}

tl::expected<segment, no_segment> read(bytes record, int link_type = ethernet_link) {
    return read_sent(record, record.size(), link_type);
}

std::string payload(bytes record, int link_type = ethernet_link) {
    const auto found = read(record, link_type);
    return found ? std::string(found->payload) : "none";
}

TEST(segment, is_read_behind_every_link_header) {
    const auto v4 = ipv4(hello);
    const auto v6 = ipv6(hello);
    EXPECT_EQ(payload(ethernet(v4)), "Hello");
    EXPECT_EQ(payload(ethernet(v6, type_ipv6)), "Hello");
    EXPECT_EQ(payload(std::string(14, '\0') + "\x08" + std::string(1, '\0') + v4, sll_link),
              "Hello");
    EXPECT_EQ(payload("\x86\xDD" + std::string(18, '\0') + v6, sll2_link), "Hello");
    for (const int raw : {12, 14, raw_link, 228}) EXPECT_EQ(payload(v4, raw), "Hello");
    for (const int raw : {12, 14, raw_link, 229}) EXPECT_EQ(payload(v6, raw), "Hello");
    for (const auto family : {10U, 24U, 28U, 30U}) {
        EXPECT_EQ(payload(number_writer(false).u32(family).text(v6).done(), null_link), "Hello");
    }
    EXPECT_EQ(payload(number_writer(true).u32(2).text(v4).done(), null_link), "Hello");
    EXPECT_EQ(payload(number_writer(true).u32(2).text(v4).done(), loop_link), "Hello");
    EXPECT_EQ(payload(number_writer(true).u32(7).text(v4).done(), null_link), "none");
}

TEST(segment, is_read_behind_vlan_tags) {
    EXPECT_EQ(payload(ethernet(ipv4(hello), type_ipv4, {0x8100})), "Hello");
    EXPECT_EQ(payload(ethernet(ipv4(hello), type_ipv4, {0x88A8, 0x8100})), "Hello");
    EXPECT_EQ(payload(ethernet(ipv4(hello), type_ipv4, {0x9100})), "Hello");
    EXPECT_EQ(payload(ethernet(ipv4(hello), 0x0806)), "none");
    EXPECT_EQ(payload(ethernet("", 0x8100)), "none");
}

TEST(segment, has_the_fields_of_its_headers) {
    const auto found = read(ethernet(ipv4(hello)));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->source.text(), "10.0.0.1:40000");
    EXPECT_EQ(found->destination.text(), "10.0.0.2:7000");
    EXPECT_EQ(found->sequence, 9U);
    EXPECT_EQ(found->payload_bytes, 5U);
    EXPECT_TRUE(found->ack);
    EXPECT_FALSE(found->syn || found->fin || found->reset);
    const auto ends = read(ipv4(tcp({1, 2, 0xFFFFFFFF, 0, "SFR"})), raw_link);
    EXPECT_TRUE(ends->syn && ends->fin && ends->reset && !ends->ack);
    EXPECT_EQ(ends->sequence, 0xFFFFFFFF);
    const auto v6 = read(ipv6(hello), raw_link);
    EXPECT_EQ(v6->source.text(), "[::1]:40000");
    EXPECT_EQ(v6->destination.text(), "[2001:db8::2]:7000");
}

TEST(segment, begins_behind_options_and_ends_where_ip_says) {
    const std::string_view options("\1\1\1\0", 4);
    EXPECT_EQ(payload(ipv4(hello, {.options = options}), raw_link), "Hello");
    EXPECT_EQ(payload(ipv4(tcp({.payload = "Hello", .options = options})), raw_link), "Hello");
    EXPECT_EQ(payload(ethernet(ipv4(hello) + std::string(9, '\0'))), "Hello");
    EXPECT_EQ(payload(ethernet(ipv6(hello) + std::string(9, '\0'), type_ipv6)), "Hello");
}

// Where the card divides what the system hands it, the length does not fit its field.
TEST(segment, of_length_0_goes_on_to_the_end_of_the_record) {
    EXPECT_EQ(payload(ipv4(hello, {.length_zero = true}), raw_link), "Hello");
    auto v6 = ipv6(hello);
    v6[4] = v6[5] = '\0';
    EXPECT_EQ(payload(v6, raw_link), "Hello");
    const auto v4 = ipv4(hello, {.length_zero = true});
    const auto cut = read_sent(v4, 100);
    EXPECT_EQ(cut->payload, "Hello");
    EXPECT_EQ(cut->payload_bytes, 60U);
}

TEST(segment, is_read_behind_extension_headers) {
    const std::string options("\x06\0\0\0\0\0\0\0", 8);
    for (const std::size_t type : {0U, 43U, 60U, 135U, 139U, 140U, 44U}) {
        EXPECT_EQ(payload(ipv6(options + hello, type), raw_link), "Hello") << type;
    }
    const std::string longer = std::string("\x2b\1", 2) + std::string(14, '\0') + options;
    EXPECT_EQ(payload(ipv6(longer + hello, 60), raw_link), "Hello");
    const std::string authentication = std::string("\x06\4", 2) + std::string(22, '\0');
    EXPECT_EQ(payload(ipv6(authentication + hello, 51), raw_link), "Hello");
    EXPECT_EQ(read(ipv6(options + hello, 50), raw_link).error(), no_segment::not_tcp);
    EXPECT_EQ(read(ipv6(std::string("\x06\xFF") + hello, 60), raw_link).error(),
              no_segment::not_tcp);
}

TEST(segment, is_none_if_headers_contradict_themselves) {
    auto short_header = ipv4(hello);
    short_header[0] = '\x44';
    EXPECT_EQ(read(short_header, raw_link).error(), no_segment::malformed);
    auto short_total = ipv4(hello);
    short_total[3] = '\x13';
    EXPECT_EQ(read(short_total, raw_link).error(), no_segment::malformed);
    auto no_room = ipv4(hello);
    no_room[3] = '\x14' + 19;
    EXPECT_TRUE(read(no_room, raw_link)->is_only_named);
    no_room[3] = '\x14' + 15;
    EXPECT_EQ(read(no_room, raw_link).error(), no_segment::malformed);
    auto short_offset = ipv4(hello);
    short_offset[20 + 12] = '\x40';
    EXPECT_TRUE(read(short_offset, raw_link)->is_only_named);
    auto long_offset = ipv4(hello);
    long_offset[20 + 12] = '\xF0';
    EXPECT_TRUE(read(long_offset, raw_link)->is_only_named);
    EXPECT_EQ(read(long_offset, raw_link)->payload, "");
    EXPECT_EQ(read("\x90xyz", raw_link).error(), no_segment::not_tcp);
}

TEST(segment, is_never_more_than_was_captured) {
    const auto v4 = ethernet(ipv4(hello, {.options = "abcd"}), type_ipv4, {0x8100});
    const auto v6 = ethernet(ipv6(std::string("\x06\0\0\0\0\0\0\0", 8) + hello, 60), type_ipv6);
    constexpr std::size_t behind_the_window = 4;
    for (const auto& whole : {v4, v6}) {
        const auto headers = whole.size() - 5;
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            // Its end is the end of what is allocated, for sanitizers to see.
            const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<long>(size));
            const auto found = read_sent({exact.data(), size}, whole.size(), ethernet_link);
            EXPECT_EQ(found.has_value(), size >= headers - behind_the_window) << size;
            if (!found) continue;
            const auto captured = size < headers ? 0 : size - headers;
            EXPECT_EQ(found->payload, hello.substr(20, captured));
            EXPECT_EQ(found->payload_bytes, 5U);
        }
    }
    const auto header_only = ipv4(hello).substr(0, 35);
    EXPECT_EQ(read_sent(header_only, 45).error(), no_segment::cut_header);
}

TEST(segment, counts_what_was_not_captured_of_its_options) {
    const auto whole = ipv4(tcp({.payload = "Hello", .options = "\1\1\1\1"}));
    const auto found = read_sent(bytes(whole).substr(0, 41), whole.size());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->payload, "");
    EXPECT_EQ(found->payload_bytes, 5U);
}

}  // namespace
}  // namespace framewire::segment_tests
