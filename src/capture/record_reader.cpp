#include "record_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string>
#include <utility>

namespace framewire {
namespace {

// A datagram of IP has 64 KiB; one that the card segments later, or a jumbogram, has more.
constexpr std::uint32_t record_bytes_max = 16 * 1024 * 1024;
constexpr std::int64_t nanoseconds_in_second = 1'000'000'000;

constexpr std::size_t file_header_bytes = 24;
constexpr std::uint32_t magic_microseconds = 0xA1B2'C3D4;
constexpr std::uint32_t magic_nanoseconds = 0xA1B2'3C4D;
constexpr std::uint32_t magic_long_records = 0xA1B2'CD34;

tl::unexpected<failure> not_a_record(std::string words, std::string hint = {}) {
    return tl::unexpected(failure{std::move(words), std::move(hint)});
}

tl::unexpected<failure> too_large(std::uint64_t size) {
    return not_a_record(
        fmt::format("a record of {} bytes: more than {} is not taken", size, record_bytes_max));
}

}  // namespace

std::chrono::system_clock::time_point time_at(std::int64_t seconds, std::int64_t nanoseconds) {
    constexpr std::int64_t seconds_max = 9'000'000'000;  // in the year 2255
    const auto whole = std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, seconds_max));
    return std::chrono::system_clock::time_point(whole + std::chrono::nanoseconds(nanoseconds));
}

result<void> record_reader::begin() {
    constexpr std::uint32_t magic_pcapng = 0x0A0D'0D0A;
    const auto head = reader_.peek(file_header_bytes);
    if (!head) return tl::unexpected(head.error());
    if (head->size() < sizeof(std::uint32_t)) return not_a_record("it is no capture");
    for (const bool is_big_endian : {false, true}) {
        order_ = {is_big_endian};
        const auto magic = order_.u32(*head, 0);
        is_pcapng_ = magic == magic_pcapng;
        if (is_pcapng_) return {};
        has_nanoseconds_ = magic == magic_nanoseconds;
        if (has_nanoseconds_ || magic == magic_microseconds) return begin_pcap(false);
        if (magic == magic_long_records) return begin_pcap(true);
    }
    return not_a_record("it is no capture", "a capture is a .pcap or .pcapng file");
}

result<void> record_reader::begin_pcap(bool has_long_records) {
    const auto head = reader_.peek(file_header_bytes);
    if (!head) return tl::unexpected(head.error());
    if (head->size() < file_header_bytes) return not_a_record("the file ends inside its header");
    const auto major = order_.u16(*head, 4);
    minor_version_ = order_.u16(*head, 6);
    if (major != 2)
        return not_a_record(fmt::format("version {}.{} of pcap", major, minor_version_));
    // Above it, the length of the checksums that are behind Ethernet's frames.
    link_type_ = static_cast<int>(order_.u32(*head, 20) & 0x03FF'FFFF);
    if (has_long_records) record_header_bytes_ = 24;
    return reader_.skip(file_header_bytes).map([](auto) {});
}

record_reader::next_record record_reader::next() {
    return is_pcapng_ ? next_of_pcapng() : next_of_pcap();
}

// The next bytes; fewer if the file ends inside them.
result<bytes> record_reader::whole(std::size_t size) {
    return reader_.peek(size).map([&](bytes found) {
        is_cut_ = found.size() < size;
        return found;
    });
}

record_reader::next_record record_reader::next_of_pcap() {
    place_ = reader_.offset();
    const auto header = reader_.peek(record_header_bytes_);
    if (!header) return tl::unexpected(header.error());
    if (header->empty()) return std::nullopt;
    is_cut_ = header->size() < record_header_bytes_;
    if (is_cut_) return std::nullopt;
    const std::int64_t fraction = order_.u32(*header, 4);
    const auto time = time_at(
        order_.u32(*header, 0),
        std::min(has_nanoseconds_ ? fraction : fraction * 1000, nanoseconds_in_second - 1));
    auto size = order_.u32(*header, 8);
    auto sent = order_.u32(*header, 12);
    // Version 2.3 changed their order, and not all that wrote it knew.
    if (minor_version_ < 3 || (minor_version_ == 3 && size > sent)) std::swap(size, sent);
    if (size > record_bytes_max) return too_large(size);
    const auto record = whole(record_header_bytes_ + size);
    if (!record) return tl::unexpected(record.error());
    if (is_cut_) return std::nullopt;
    const auto passed = reader_.skip(record->size());
    if (!passed) return tl::unexpected(passed.error());
    return captured_record{record->substr(record_header_bytes_), sent, link_type_, time};
}

}  // namespace framewire
