#include "length_reading.hpp"

#include "decimal_digits.hpp"
#include "framewire/core/utf8.hpp"

#include <algorithm>

namespace framewire {
namespace {

constexpr std::size_t digits_max = 19;  // any of so many fit 64 bits

struct number {
    std::size_t bytes = 0;
    std::uint64_t value = 0;
};

std::optional<number> read_decimal(bytes field) {
    if (field.empty() || field.size() > digits_max) return std::nullopt;
    std::uint64_t value = 0;
    for (const char byte : field) {
        if (!is_digit(byte)) return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(byte - '0');
    }
    return number{field.size(), value};
}

std::optional<number> read_digits(const length_layout& layout, bytes field) {
    auto digits = field;
    if (layout.padded_right) digits = digits.substr(0, digits.find(' '));
    if (layout.padded_left) {
        digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
    }
    const auto rest = layout.padded_right ? field.substr(digits.size()) : bytes();
    if (rest.find_first_not_of(' ') != bytes::npos) return std::nullopt;
    const auto found = read_decimal(digits);
    if (!found) return std::nullopt;
    return number{field.size(), found->value};
}

std::optional<number> read_hex(bytes field) {
    std::uint64_t value = 0;
    for (const char byte : field) {
        const auto digit = bytes("0123456789abcdef").find(static_cast<char>(byte | 0x20));
        if (digit == bytes::npos || (!is_digit(byte) && byte < 'A')) return std::nullopt;
        value = value << 4 | digit;
    }
    return number{field.size(), value};
}

std::optional<number> read_bcd(bytes field) {
    std::uint64_t value = 0;
    for (const char byte : field) {
        const auto octet = static_cast<std::uint8_t>(byte);
        if (octet >> 4 > 9 || (octet & 15) > 9) return std::nullopt;
        value = value * 100 + std::uint64_t{10} * (octet >> 4) + (octet & 15U);
    }
    return number{field.size(), value};
}

number read_binary(const length_layout& layout, bytes field) {
    std::uint64_t value = 0;
    for (std::size_t at = 0; at < field.size(); ++at) {
        const auto place = layout.little_endian ? field.size() - 1 - at : at;
        value = value << 8 | static_cast<std::uint8_t>(field[place]);
    }
    return {field.size(), value & layout.mask};
}

std::optional<number> read_varint(const length_layout& layout, bytes input) {
    std::uint64_t value = 0;
    for (std::size_t at = 0; at < std::min({input.size(), layout.width, std::size_t{9}}); ++at) {
        const std::uint64_t octet = static_cast<std::uint8_t>(input[at]);
        value |= (octet & 0x7F) << (7 * at);
        if (octet < 0x80) return number{at + 1, value};
    }
    return std::nullopt;
}

std::optional<number> read_terminated(const length_layout& layout, bytes input) {
    const auto end = input.find(layout.terminator);
    if (end == bytes::npos || layout.word != 1) return std::nullopt;
    if (end > 1 && input.front() == '0') return std::nullopt;
    const auto found = read_decimal(input.substr(0, end));
    if (!found) return std::nullopt;
    return number{end + layout.terminator.size(), found->value};
}

std::optional<number> read_number(const length_layout& layout, bytes input) {
    const auto field = input.substr(0, layout.width);
    const bool is_whole = field.size() == layout.width;
    switch (layout.written) {
        case notation::digits: return is_whole ? read_digits(layout, field) : std::nullopt;
        case notation::hex: return is_whole ? read_hex(field) : std::nullopt;
        case notation::bcd: return is_whole ? read_bcd(field) : std::nullopt;
        case notation::binary:
            return is_whole ? std::optional(read_binary(layout, field)) : std::nullopt;
        case notation::varint: return read_varint(layout, input);
        case notation::terminated: return read_terminated(layout, input);
        default: return std::nullopt;
    }
}

// How many bytes the payload has after the header. Characters cannot be counted in what is not
// known.
std::optional<std::uint64_t> payload_bytes(const length_layout& layout,
                                           const length_reading& header, bytes rest) {
    if (layout.unit == counting::in_bytes) return header.payload_left;
    utf8_counter counter;
    const auto bytes_taken = counter.advance(rest, header.payload_left);
    if (counter.characters() != header.payload_left) return std::nullopt;
    return bytes_taken;
}

}  // namespace

std::optional<length_reading> read_length(const length_layout& layout, bytes input) {
    if (input.size() < layout.offset || !input.starts_with(layout.magic)) return std::nullopt;
    const auto found = read_number(layout, input.substr(layout.offset));
    if (!found) return std::nullopt;
    const auto distance = static_cast<std::uint64_t>(layout.adjust);
    const auto left = found->value + distance;
    const bool is_negative = layout.adjust < 0 && left > found->value;
    const bool is_huge = layout.adjust > 0 && left < found->value;
    if (is_negative || is_huge) return std::nullopt;
    return length_reading{layout.offset + found->bytes, found->value, left};
}

bool ends_with_a_frame(const length_layout& layout, known_stream stream, bytes after) {
    for (auto rest = stream.beginning;;) {
        const auto header = read_length(layout, rest);
        if (!header || header->payload_left + layout.lead == 0) return false;
        const auto payload = payload_bytes(layout, *header, rest.substr(header->header_bytes));
        if (!payload || *payload > stream.size) return false;
        const auto frame = header->header_bytes + *payload + layout.trailer_size;
        const auto end = frame + after.size();
        if (end > stream.size) return false;
        stream.size -= end;
        if (rest.size() < end) return stream.size == 0 && after.empty();
        const auto trailer_end = static_cast<std::size_t>(frame);
        if (!rest.substr(0, trailer_end).ends_with(layout.trailer)) return false;
        if (!rest.substr(trailer_end).starts_with(after)) return false;
        if (stream.size == 0) return true;
        rest.remove_prefix(static_cast<std::size_t>(end));
    }
}

}  // namespace framewire
