#include "framewire/codec/json.hpp"

#include "decimal_digits.hpp"
#include "value_decoder.ipp"

namespace framewire {
namespace {

bool is_plain(char byte) noexcept {
    return static_cast<std::uint8_t>(byte) >= ' ' && byte != '"' && byte != '\\';
}

bool is_hexadecimal(char byte) noexcept {
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

}  // namespace

scanned_part json_scanner::advance(bytes input, std::uint64_t /*payload_bytes_max*/) noexcept {
    for (std::size_t at = 0; at < input.size(); ++at) {
        const char byte = input[at];
        if (place_ == place::string && is_plain(byte)) continue;
        if (in_number()) {
            if (take_in_number(byte)) continue;
            const bool ends = is_whole_number() && (depth_ > 0 || is_space(byte));
            if (!ends) return {.taken = at, .error = errc::frame_syntax};
            if (depth_ == 0) {
                return {.taken = at + 1, .data = input.substr(0, at), .complete = true};
            }
            end_value();
        }
        if (!take(byte)) return {.taken = at, .error = errc::frame_syntax};
        if (complete_) {
            return {.taken = at + 1, .data = input.substr(0, at + 1), .complete = true};
        }
    }
    return {.taken = input.size(), .data = input};
}

bool json_scanner::take(char byte) noexcept {
    switch (place_) {
        case place::string:
        case place::escape:
        case place::code: return take_in_string(byte);
        case place::start: return take_value(byte);
        case place::literal:
            if (byte != rest_.front()) return false;
            rest_.remove_prefix(1);
            if (rest_.empty()) end_value();
            return true;
        default: break;
    }
    if (is_space(byte)) return true;
    switch (place_) {
        case place::first_value: return byte == ']' ? close() : take_value(byte);
        case place::first_key:
            if (byte == '}') return close();
            [[fallthrough]];
        case place::key: is_key_ = true; return move(byte == '"', place::string);
        case place::colon: return move(byte == ':', place::value);
        case place::next: return take_next(byte);
        default: return take_value(byte);
    }
}

bool json_scanner::take_value(char byte) noexcept {
    switch (byte) {
        case '{': return open(true);
        case '[': return open(false);
        case '"': is_key_ = false; return move(true, place::string);
        case 't': rest_ = "rue"; return move(true, place::literal);
        case 'f': rest_ = "alse"; return move(true, place::literal);
        case 'n': rest_ = "ull"; return move(true, place::literal);
        case '-': return move(true, place::minus);
        case '0': return move(true, place::zero);
        default: return move(is_digit(byte), place::integer);
    }
}

bool json_scanner::take_in_string(char byte) noexcept {
    if (place_ == place::code) {
        if (is_hexadecimal(byte) && --digits_left_ == 0) place_ = place::string;
        return is_hexadecimal(byte);
    }
    if (place_ == place::escape) {
        digits_left_ = 4;
        if (byte == 'u') return move(true, place::code);
        return move(byte != '\0' && bytes("\"\\/bfnrt").find(byte) != bytes::npos, place::string);
    }
    if (byte != '"') return move(byte == '\\', place::escape);
    if (is_key_) return move(true, place::colon);
    end_value();
    return true;
}

// False if the byte does not continue the number.
bool json_scanner::take_in_number(char byte) noexcept {
    const bool exponent_begins = byte == 'e' || byte == 'E';
    switch (place_) {
        case place::minus: return move(is_digit(byte), byte == '0' ? place::zero : place::integer);
        case place::integer:
            if (is_digit(byte)) return true;
            [[fallthrough]];
        case place::zero:
            if (byte == '.') return move(true, place::point);
            return move(exponent_begins, place::exponent);
        case place::point: return move(is_digit(byte), place::fraction);
        case place::fraction: return is_digit(byte) || move(exponent_begins, place::exponent);
        case place::exponent:
            if (byte == '+' || byte == '-') return move(true, place::exponent_sign);
            [[fallthrough]];
        default: return move(is_digit(byte), place::exponent_digits);
    }
}

bool json_scanner::take_next(char byte) noexcept {
    const bool object = objects_[depth_ - 1];
    if (byte == ',') return move(true, object ? place::key : place::value);
    if (byte != (object ? '}' : ']')) return false;
    return close();
}

bool json_scanner::open(bool object) noexcept {
    if (depth_ == nesting_max) return false;
    objects_[depth_++] = object;
    return move(true, object ? place::first_key : place::first_value);
}

bool json_scanner::close() noexcept {
    --depth_;
    end_value();
    return true;
}

bool json_scanner::move(bool is_right, place to) noexcept {
    if (is_right) place_ = to;
    return is_right;
}

void json_scanner::end_value() noexcept {
    complete_ = depth_ == 0;
    place_ = place::next;
}

void json_scanner::end(char last, std::string& out) {
    if (is_digit(last)) out += '\n';
}

std::string json_scanner::expectation() const {
    switch (place_) {
        case place::start:
        case place::value:
        case place::first_value:
            if (depth_ == nesting_max) return fmt::format("no deeper nesting than {}", depth_);
            return "a JSON value";
        case place::key:
        case place::first_key: return "a key in quotation marks";
        case place::colon: return "a colon";
        case place::next: return objects_[depth_ - 1] ? "a comma or }" : "a comma or ]";
        case place::string: return "the rest of a string";
        case place::escape: return "an escape";
        case place::code: return "a hexadecimal digit";
        case place::literal: return quote(rest_);
        default: break;
    }
    if (!is_whole_number()) return "a digit";
    return depth_ == 0 ? "white space after a number" : "the rest of a number";
}

std::string_view json_scanner::recognise(bytes beginning) noexcept {
    if (beginning.starts_with("\xEF\xBB\xBF")) return "looks like a byte order mark";
    if (looks_like_decimal_length(beginning)) return "looks like a decimal header";
    if (looks_like_binary_length(beginning)) return "looks like a binary length";
    return {};
}

template class value_decoder<json_scanner>;

}  // namespace framewire
