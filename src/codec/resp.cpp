#include "framewire/codec/resp.hpp"

#include "decimal_digits.hpp"
#include "value_decoder.ipp"

#include <algorithm>

namespace framewire {

scanned_part resp_scanner::advance(bytes input, std::uint64_t payload_bytes_max) noexcept {
    for (std::size_t at = 0; at < input.size();) {
        if (place_ == place::data) {
            const auto size = std::min<std::uint64_t>(data_left_, input.size() - at);
            data_left_ -= size;
            at += static_cast<std::size_t>(size);
            if (data_left_ == 0) place_ = place::data_end;
            continue;
        }
        const auto room = payload_bytes_max - std::min<std::uint64_t>(payload_bytes_max, at + 1);
        if (const auto error = take(input[at], room)) return {.taken = at, .error = *error};
        ++at;
        if (values_left_ == 0) {
            return {.taken = at, .data = input.substr(0, at), .complete = true};
        }
    }
    return {.taken = input.size(), .data = input};
}

optional_errc resp_scanner::take(char byte, std::uint64_t room) noexcept {
    switch (place_) {
        case place::type: return take_type(byte);
        case place::number: return take_in_number(byte);
        case place::length: return take_in_length(byte, room);
        case place::null_digit:
            if (byte != '1') return errc::frame_length_syntax;
            null_ = true;
            return expect(true, place::line_end);
        case place::text:
            if (byte != '\r') return expect(byte != '\n', place::text);
            return expect(true, place::line_feed);
        case place::truth: return expect(byte == 't' || byte == 'f', place::line_end);
        case place::line_end: return expect(byte == '\r', place::line_feed);
        case place::line_feed:
            if (byte == '\n') return end_line(room);
            return errc::frame_syntax;
        case place::data_end: return expect(byte == '\r', place::data_line_feed);
        default: break;
    }
    if (byte != '\n') return errc::frame_syntax;
    end_value();
    return std::nullopt;
}

optional_errc resp_scanner::expect(bool is_right, place next) noexcept {
    if (!is_right) return errc::frame_syntax;
    place_ = next;
    return std::nullopt;
}

optional_errc resp_scanner::take_in_number(char byte) noexcept {
    if (byte == '\r' && !empty_) return expect(true, place::line_feed);
    const bool sign = empty_ && !signed_ && (byte == '-' || byte == '+');
    const bool of_double =
        type_ == ',' && byte != '\0' && bytes("+-.eEinfa").find(byte) != bytes::npos;
    signed_ = sign;
    empty_ = sign;
    return expect(is_digit(byte) || sign || of_double, place::number);
}

optional_errc resp_scanner::take_type(char byte) noexcept {
    type_ = byte;
    length_ = {};
    empty_ = true;
    signed_ = false;
    null_ = false;
    switch (byte) {
        case '+':
        case '-': place_ = place::text; return std::nullopt;
        case ':':
        case '(':
        case ',': place_ = place::number; return std::nullopt;
        case '_': place_ = place::line_end; return std::nullopt;
        case '#': place_ = place::truth; return std::nullopt;
        case '$':
        case '!':
        case '=':
        case '*':
        case '~':
        case '>':
        case '%':
        case '|': place_ = place::length; return std::nullopt;
        default: return errc::frame_syntax;
    }
}

optional_errc resp_scanner::take_in_length(char byte, std::uint64_t room) noexcept {
    if (is_digit(byte)) return length_.add(byte, room);
    const bool has_null = type_ == '$' || type_ == '*';
    if (byte == '-' && length_.empty() && has_null) return expect(true, place::null_digit);
    if (byte != '\r' || length_.empty()) return errc::frame_length_syntax;
    return expect(true, place::line_feed);
}

optional_errc resp_scanner::end_line(std::uint64_t room) noexcept {
    const auto count = length_.value();  // 0 for -1
    switch (type_) {
        case '$':
        case '!':
        case '=':
            if (null_) break;
            data_left_ = count;
            place_ = count == 0 ? place::data_end : place::data;
            return std::nullopt;
        case '*':
        case '~':
        case '>': return contain(count, room);
        case '%': return contain(2 * count, room);
        case '|': return contain(2 * count + 1, room);
        default: break;
    }
    end_value();
    return std::nullopt;
}

// Every value has at least one byte, so that too many are known to be too large here.
optional_errc resp_scanner::contain(std::uint64_t values, std::uint64_t room) noexcept {
    values_left_ += values;
    end_value();
    return values_left_ > room ? optional_errc(errc::frame_too_large) : std::nullopt;
}

void resp_scanner::end_value() noexcept {
    --values_left_;
    place_ = place::type;
}

// The shortest value, `_` CR LF, has three bytes.
std::uint64_t resp_scanner::wanted() const noexcept {
    const auto others = 3 * (values_left_ - 1);
    switch (place_) {
        case place::type:
        case place::null_digit:
        case place::truth: return others + 3;
        case place::data: return others + data_left_ + 2;
        case place::line_feed:
        case place::data_line_feed: return others + 1;
        default: return others + 2;
    }
}

std::string resp_scanner::expectation() const {
    switch (place_) {
        case place::type: return "a type of RESP";
        case place::length: return "a decimal length and CR LF";
        case place::null_digit: return "-1";
        case place::number: return "a number";
        case place::truth: return "t or f";
        case place::data: return "the rest of its data";
        case place::line_feed:
        case place::data_line_feed: return "LF";
        default: return "CR LF";
    }
}

std::string_view resp_scanner::recognise(bytes beginning) noexcept {
    return looks_like_text(beginning).empty() ? std::string_view{}
                                              : "looks like an inline command";
}

template class value_decoder<resp_scanner>;

}  // namespace framewire
