#include "framewire/codec/fix.hpp"

#include "decimal_digits.hpp"
#include "value_decoder.ipp"

#include <algorithm>
#include <array>

namespace framewire {
namespace {

constexpr char end_of_field = '\x01';
constexpr bytes begin_string_tag = "8=FIX";
constexpr bytes length_tag = "9=";
constexpr std::size_t checksum_bytes = 7;
constexpr std::uint64_t in_body = fix_scanner::begin_string_bytes_max;

std::uint8_t sum_of(bytes data, std::uint64_t before) noexcept {
    for (const char byte : data) before += static_cast<std::uint8_t>(byte);
    return static_cast<std::uint8_t>(before);
}

// Whether field 8 may have this byte at this place; it may end after its tag.
bool is_in_begin_string(char byte, std::size_t at) noexcept {
    if (at < begin_string_tag.size()) return byte == begin_string_tag[at];
    if (at + 1 == fix_scanner::begin_string_bytes_max) return byte == end_of_field;
    const bool is_letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
    return byte == end_of_field || is_letter || is_digit(byte) || byte == '.';
}

std::array<char, checksum_bytes> checksum_field(std::uint8_t sum) noexcept {
    const auto digit = [](int value) { return static_cast<char>('0' + value); };
    return {'1', '0', '=', digit(sum / 100), digit(sum / 10 % 10), digit(sum % 10), end_of_field};
}

}  // namespace

scanned_part fix_scanner::advance(bytes input, std::uint64_t payload_bytes_max) noexcept {
    if (place_ == place::body) return take_body(input);
    const bool in_payload = place_ == place::begin_string;
    std::size_t at = 0;
    while (at < input.size() && in_payload == (place_ == place::begin_string) &&
           place_ != place::body && !complete_) {
        const char byte = input[at];
        optional_errc error;
        switch (place_) {
            case place::begin_string: error = take_in_begin_string(byte); break;
            case place::checksum: error = take_in_checksum(byte); break;
            default: error = take_in_length(byte, payload_bytes_max); break;
        }
        if (error) return {.taken = at, .error = *error};
        ++at;
    }
    return {
        .taken = at, .data = in_payload ? input.substr(0, at) : bytes{}, .complete = complete_};
}

optional_errc fix_scanner::take_in_begin_string(char byte) noexcept {
    if (!is_in_begin_string(byte, taken_)) return errc::frame_syntax;
    ++taken_;
    sum_ = sum_of({&byte, 1}, sum_);
    if (byte != end_of_field) return std::nullopt;
    taken_ = 0;
    place_ = place::length_tag;
    return std::nullopt;
}

optional_errc fix_scanner::take_in_length(char byte, std::uint64_t payload_bytes_max) noexcept {
    if (place_ == place::length_tag) {
        if (byte != length_tag[taken_]) return errc::frame_syntax;
        if (++taken_ == length_tag.size()) place_ = place::length;
    } else if (is_digit(byte)) {
        if (const auto error = length_.add(byte, payload_bytes_max)) return error;
    } else {
        if (byte != end_of_field || length_.value() == 0) return errc::frame_length_syntax;
        left_ = length_.value();
        place_ = place::body;
    }
    sum_ = sum_of({&byte, 1}, sum_);
    return std::nullopt;
}

// The last byte ends a field: otherwise the length is wrong.
scanned_part fix_scanner::take_body(bytes input) noexcept {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    const auto data = input.substr(0, size);
    if (size == left_ && data.back() != end_of_field) {
        return {.taken = size - 1, .error = errc::frame_syntax};
    }
    left_ -= size;
    sum_ = sum_of(data, sum_);
    if (left_ == 0) {
        taken_ = 0;
        place_ = place::checksum;
    }
    return {.taken = size, .data = data};
}

optional_errc fix_scanner::take_in_checksum(char byte) noexcept {
    const auto expected = checksum_field(sum_);
    if (byte != expected[taken_]) return errc::frame_syntax;
    complete_ = ++taken_ == expected.size();
    return std::nullopt;
}

std::uint64_t fix_scanner::wanted() const noexcept {
    switch (place_) {
        case place::length_tag: return 4U - taken_ + checksum_bytes;
        case place::length: return 1 + checksum_bytes;
        case place::body: return left_ + checksum_bytes;
        case place::checksum: return checksum_bytes - taken_;
        default: return 1;
    }
}

std::string fix_scanner::expectation() const {
    switch (place_) {
        case place::length_tag: return "9= and the body's length";
        case place::length: return "a decimal length and SOH";
        case place::body: return "SOH at the end of a body of this length";
        case place::checksum: {
            const auto expected = checksum_field(sum_);
            return quote({expected.data(), expected.size()});
        }
        default: return "8=FIX and a version that SOH ends";
    }
}

// `frame.place` counts the bytes of field 8 until it is complete; then it is `in_body`, and one
// more if the last byte was SOH.
tl::expected<void, errc> fix::append(open_frame& frame, bytes data, std::string& out) const {
    auto place = frame.place;
    std::size_t at = 0;
    for (; place < in_body && at < data.size(); ++at) {
        if (!is_in_begin_string(data[at], static_cast<std::size_t>(place))) {
            return tl::unexpected(errc::frame_syntax);
        }
        place = data[at] == end_of_field ? in_body : place + 1;
    }
    std::string length;
    if (place == in_body && frame.place < in_body) {
        const auto size = frame.announced - frame.bytes_written - at;
        if (size == 0) return tl::unexpected(errc::frame_wrong_size);
        length = fmt::format("{}{}{}", length_tag, size, end_of_field);
    }
    const auto body = data.substr(at);
    if (!body.empty()) place = in_body + (body.back() == end_of_field ? 1 : 0);
    frame.count = sum_of(data, sum_of(length, frame.count));
    frame.place = place;
    out += data.substr(0, at);
    out += length;
    out += body;
    return {};
}

tl::expected<void, errc> fix::finish(const open_frame& frame, std::string& out) const {
    if (frame.place != in_body + 1) return tl::unexpected(errc::frame_syntax);
    const auto field = checksum_field(static_cast<std::uint8_t>(frame.count));
    out.append(field.data(), field.size());
    return {};
}

template class value_decoder<fix_scanner>;

}  // namespace framewire
