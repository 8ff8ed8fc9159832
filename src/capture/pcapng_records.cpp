#include "record_reader.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

constexpr std::uint32_t block_section = 0x0A0D'0D0A;
constexpr std::uint32_t block_interface = 1;
constexpr std::uint32_t block_old_record = 2;
constexpr std::uint32_t block_simple_record = 3;
constexpr std::uint32_t block_record = 6;
// Type and length before the body, the length again after it.
constexpr std::size_t block_head_bytes = 8;
constexpr std::size_t block_tail_bytes = 4;
constexpr std::size_t block_bytes_min = block_head_bytes + block_tail_bytes;
constexpr std::uint32_t block_bytes_max = 17 * 1024 * 1024;

tl::unexpected<failure> wrong(std::string words) {
    return tl::unexpected(failure{std::move(words)});
}

bool is_read(std::uint32_t type) {
    return type == block_section || type == block_interface || type == block_old_record ||
           type == block_simple_record || type == block_record;
}

}  // namespace

record_reader::next_record record_reader::next_of_pcapng() {
    for (;;) {
        place_ = reader_.offset();
        const auto head = reader_.peek(block_head_bytes + sizeof(std::uint32_t));
        if (!head) return tl::unexpected(head.error());
        if (head->empty()) return std::nullopt;
        is_cut_ = head->size() < block_bytes_min;
        if (is_cut_) return std::nullopt;
        // The same in both byte orders.
        if (order_.u32(*head, 0) == block_section) {
            if (const auto begun = begin_section(*head); !begun) {
                return tl::unexpected(begun.error());
            }
        }
        const auto type = order_.u32(*head, 0);
        const auto size = order_.u32(*head, 4);
        if (size < block_bytes_min || size % 4 != 0) {
            return wrong(fmt::format("a block of {} bytes: at least {}, and a multiple of 4", size,
                                     block_bytes_min));
        }
        if (!is_read(type)) {
            const auto skipped = reader_.skip(size);
            if (!skipped) return tl::unexpected(skipped.error());
            is_cut_ = *skipped < size;
            if (is_cut_) return std::nullopt;
            continue;
        }
        auto record = read_block(type, size);
        if (!record || is_cut_ || *record) return record;
    }
}

// None if the block holds no packet.
record_reader::next_record record_reader::read_block(std::uint32_t type, std::uint32_t size) {
    if (size > block_bytes_max) return wrong(fmt::format("a block of {} bytes", size));
    const auto block = whole(size);
    if (!block) return tl::unexpected(block.error());
    if (is_cut_) return std::nullopt;
    const auto again = order_.u32(*block, size - block_tail_bytes);
    if (again != size) {
        return wrong(
            fmt::format("a block has {} bytes at its start and {} at its end", size, again));
    }
    const auto body = block->substr(block_head_bytes, size - block_bytes_min);
    if (const auto passed = reader_.skip(size); !passed) return tl::unexpected(passed.error());
    switch (type) {
        case block_record: return read_record(body, false);
        case block_old_record: return read_record(body, true);
        case block_simple_record: return read_simple_record(body);
        case block_interface:
            return read_interface(body).map([] { return std::optional<captured_record>(); });
        default: return std::nullopt;
    }
}

result<void> record_reader::begin_section(bytes head) {
    constexpr std::uint32_t byte_order_magic = 0x1A2B'3C4D;
    for (const bool is_big_endian : {false, true}) {
        order_ = {is_big_endian};
        if (order_.u32(head, block_head_bytes) == byte_order_magic) {
            interfaces_.clear();
            return {};
        }
    }
    return wrong("a section whose byte order is unknown");
}

result<void> record_reader::read_interface(bytes body) {
    constexpr std::size_t fixed_bytes = 8;
    constexpr std::size_t option_head_bytes = 4;
    constexpr std::size_t interfaces_max = 65'536;
    if (body.size() < fixed_bytes) return wrong("an interface without a link type");
    if (interfaces_.size() == interfaces_max) {
        return wrong(fmt::format("more than {} interfaces", interfaces_max));
    }
    captured_on found{.link_type = order_.u16(body, 0), .snap_length = order_.u32(body, 4)};
    auto options = body.substr(fixed_bytes);
    while (!options.empty()) {
        const auto code = order_.u16(options, 0);
        const std::size_t size = order_.u16(options, 2);
        options.remove_prefix(option_head_bytes);
        if (code == 0) break;
        const auto padded = (size + 3) / 4 * 4;
        if (padded > options.size()) {
            return wrong("an option of an interface is longer than its block");
        }
        if (auto read = read_option(code, options.substr(0, size), found); !read) {
            return read;
        }
        options.remove_prefix(padded);
    }
    interfaces_.push_back(found);
    return {};
}

result<void> record_reader::read_option(std::uint16_t code, bytes value,
                                        captured_on& interface) const {
    constexpr std::uint16_t if_tsresol = 9;
    constexpr std::uint16_t if_tsoffset = 14;
    // More than these do not fit into 64 bits.
    constexpr int power_of_10_max = 19;
    constexpr int power_of_2_max = 63;
    if (code == if_tsresol && value.size() == 1) {
        const int digits = byte_at(value, 0) & 0x7F;
        const bool is_of_2 = (byte_at(value, 0) & 0x80) != 0;
        if (digits > (is_of_2 ? power_of_2_max : power_of_10_max)) {
            return wrong(
                fmt::format("an interface whose clock has {} to the power of {} units "
                            "in a second",
                            is_of_2 ? 2 : 10, digits));
        }
        interface.resolution = is_of_2 ? -digits : digits;
    }
    if (code == if_tsoffset && value.size() == sizeof(std::uint64_t)) {
        interface.offset_seconds = static_cast<std::int64_t>(order_.u64(value, 0));
    }
    return {};
}

record_reader::next_record record_reader::read_record(bytes body, bool is_old) {
    constexpr std::size_t fixed_bytes = 20;
    if (body.size() < fixed_bytes) return wrong("a packet without its lengths");
    // The old block has the number of dropped packets beside it.
    const std::size_t number = is_old ? order_.u16(body, 0) : order_.u32(body, 0);
    if (number >= interfaces_.size()) {
        return wrong(
            fmt::format("a packet of interface {}: there are {}", number, interfaces_.size()));
    }
    const auto& on = interfaces_[number];
    const auto units = std::uint64_t{order_.u32(body, 4)} << 32 | order_.u32(body, 8);
    const auto size = order_.u32(body, 12);
    if (size > body.size() - fixed_bytes) {
        return wrong(fmt::format("a packet of {} bytes in a block that has room for {}", size,
                                 body.size() - fixed_bytes));
    }
    last_time_ = on.time_of(units);
    return captured_record{body.substr(fixed_bytes, size), order_.u32(body, 16), on.link_type,
                           last_time_};
}

// It has no time, and is of the first interface.
record_reader::next_record record_reader::read_simple_record(bytes body) {
    constexpr std::size_t fixed_bytes = 4;
    if (body.size() < fixed_bytes) return wrong("a packet without its length");
    if (interfaces_.empty()) return wrong("a packet of interface 0: there are 0");
    const auto& on = interfaces_.front();
    const auto sent = order_.u32(body, 0);
    auto data = body.substr(fixed_bytes).substr(0, sent);
    if (on.snap_length > 0) data = data.substr(0, on.snap_length);
    return captured_record{data, sent, on.link_type, last_time_};
}

std::chrono::system_clock::time_point record_reader::captured_on::time_of(
    std::uint64_t units) const {
    constexpr std::uint64_t nanoseconds_in_second = 1'000'000'000;
    __extension__ using wide = unsigned __int128;
    std::uint64_t in_second = 1;
    if (resolution < 0) {
        in_second <<= -resolution;
    } else {
        for (int i = 0; i < resolution; ++i) in_second *= 10;
    }
    const auto nanoseconds = wide{units % in_second} * nanoseconds_in_second / in_second;
    // Nobody captured before 1970, nor in 290 million years.
    constexpr std::int64_t offset_max = std::int64_t{1} << 53;
    const auto offset = std::clamp(offset_seconds, -offset_max, offset_max);
    constexpr auto seconds_max = static_cast<std::uint64_t>(offset_max);
    return time_at(static_cast<std::int64_t>(std::min(units / in_second, seconds_max)) + offset,
                   static_cast<std::int64_t>(nanoseconds));
}

}  // namespace framewire
