#include "framewire/codec/syslog_any.hpp"

#include "decimal_digits.hpp"
#include "framewire/codec/decimal.hpp"
#include "value_decoder.ipp"

#include <algorithm>

namespace framewire {

scanned_part syslog_any_scanner::advance(bytes input, std::uint64_t payload_bytes_max) noexcept {
    if (input.empty()) return {};
    if (place_ == place::start) {
        const auto first = static_cast<std::uint8_t>(input.front());
        if (first < ' ' || first == 0x7F) return {.error = errc::frame_syntax};
        place_ = is_digit(input.front()) ? place::length : place::line;
    }
    if (place_ == place::length) return take_length(input, payload_bytes_max);
    return place_ == place::counted ? take_counted(input) : take_line(input);
}

scanned_part syslog_any_scanner::take_length(bytes input,
                                             std::uint64_t payload_bytes_max) noexcept {
    for (std::size_t at = 0; at < input.size(); ++at) {
        if (input[at] == ' ') {
            left_ = length_.value();
            place_ = place::counted;
            return {.taken = at + 1, .complete = left_ == 0};
        }
        if (!is_digit(input[at])) return {.taken = at, .error = errc::frame_length_syntax};
        const auto error = length_.add(input[at], payload_bytes_max);
        if (error) return {.taken = at, .error = *error};
    }
    return {.taken = input.size()};
}

scanned_part syslog_any_scanner::take_counted(bytes input) noexcept {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    left_ -= size;
    return {.taken = size, .data = input.substr(0, size), .complete = left_ == 0};
}

scanned_part syslog_any_scanner::take_line(bytes input) noexcept {
    if (holds_return_ && input.front() != '\n') {
        holds_return_ = false;
        return {.data = bytes(&return_, 1)};
    }
    const auto end = input.find('\n');
    const bool complete = end != bytes::npos;
    auto data = input.substr(0, end);
    const bool returns = data.ends_with('\r');
    if (returns) data.remove_suffix(1);
    holds_return_ = !complete && returns;
    return {.taken = complete ? end + 1 : input.size(), .data = data, .complete = complete};
}

std::string syslog_any_scanner::expectation() const {
    switch (place_) {
        case place::start: return "a digit or the first character of a line";
        case place::length: return "a decimal length and a space";
        case place::line: return "LF";
        default: return "the rest of it";
    }
}

tl::expected<void, errc> syslog_any::begin(std::uint64_t announced, std::string& out) const {
    return decimal{{.terminator{' '}}, {}}.begin(announced, out);
}

template class value_decoder<syslog_any_scanner>;

}  // namespace framewire
