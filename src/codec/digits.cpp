#include "framewire/codec/digits.hpp"

#include "announced.ipp"
#include "decimal_digits.hpp"
#include "framewire/core/units.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace framewire {
namespace {

// Wider than any header in use, and still in one segment.
constexpr std::uint64_t width_max = 255;
// Any 64-bit number fits: sixteen hexadecimal digits, or twenty decimal ones.
constexpr std::uint64_t hex_width_max = 16;
constexpr std::uint64_t bcd_width_max = 10;

// 16 for what is no digit.
std::uint64_t hex_digit(char byte) noexcept {
    if (is_digit(byte)) return static_cast<std::uint64_t>(byte - '0');
    const auto letter = static_cast<char>(byte | 0x20);
    return letter >= 'a' && letter <= 'f' ? static_cast<std::uint64_t>(letter - 'a' + 10) : 16;
}

constexpr std::uint64_t largest(std::uint64_t base, std::size_t digits) noexcept {
    std::uint64_t value = 0;
    for (; digits > 0; --digits) {
        if (value > (unknown_length - (base - 1)) / base) return unknown_length;
        value = value * base + (base - 1);
    }
    return value;
}

// Looked up for every frame that is sent. With more digits, any 64-bit number fits.
template <std::uint64_t Base, std::size_t Digits>
constexpr auto largest_of = [] {
    std::array<std::uint64_t, Digits + 1> all{};
    for (std::size_t digits = 0; digits <= Digits; ++digits) all[digits] = largest(Base, digits);
    return all;
}();

template <std::uint64_t Base, std::size_t Digits>
std::uint64_t largest_number(std::size_t digits) noexcept {
    return largest_of<Base, Digits>[std::min(digits, Digits)];
}

}  // namespace

optional_errc digits_number::add(char byte, std::uint64_t limit) noexcept {
    if (set == digit_set::bcd) return add_bcd(byte, limit);
    if (byte == ' ' && may_be_space()) {
        turned_ = turned_ || pad == padding::space;
        ++taken_;
        return std::nullopt;
    }
    const bool has_digits = pad == padding::space ? taken_ > 0 : turned_;
    const bool leading_zero = pad != padding::zero && has_digits && value_ == 0;
    const bool after_digits = pad == padding::space && turned_;
    const auto digit = hex_digit(byte);
    const auto base = set == digit_set::hex ? 16U : 10U;
    if (digit >= base || after_digits || leading_zero) {
        const bool nonsense = taken_ == 0 && !could_begin_a_number(byte);
        return nonsense ? errc::frame_syntax : errc::frame_length_syntax;
    }
    if (!append(digit, base, limit)) return errc::frame_too_large;
    turned_ = pad == padding::left_space;
    ++taken_;
    return std::nullopt;
}

// Spaces end with the first digit, which must not be missing, or begin after it.
bool digits_number::may_be_space() const noexcept {
    if (pad == padding::space) return taken_ > 0;
    return pad == padding::left_space && !turned_ && taken_ + 1 < width;
}

optional_errc digits_number::add_bcd(char byte, std::uint64_t limit) noexcept {
    const std::uint64_t high = static_cast<std::uint8_t>(byte) >> 4U;
    const std::uint64_t low = static_cast<std::uint8_t>(byte) & 0xFU;
    if (high > 9 || low > 9) return errc::frame_length_syntax;
    if (!append(high, 10, limit) || !append(low, 10, limit)) return errc::frame_too_large;
    ++taken_;
    return std::nullopt;
}

// False if the number would be above the limit.
bool digits_number::append(std::uint64_t digit, std::uint64_t base, std::uint64_t limit) noexcept {
    if (digit > limit) return false;
    // By a constant, which is a multiplication.
    const auto most = base == 16 ? (limit - digit) / 16 : (limit - digit) / 10;
    if (value_ > most) return false;
    value_ = value_ * base + digit;
    return true;
}

std::size_t digits_number::peek_before_spaces(bytes input, std::uint64_t& length) const noexcept {
    std::size_t end = 0;
    std::uint64_t value = 0;
    for (; end < width && is_digit(input[end]); ++end) {
        value = value * 10 + static_cast<std::uint64_t>(input[end] - '0');
    }
    const bool leading_zero = end > 1 && input.front() == '0';
    if (end == 0 || leading_zero || value > length) return 0;
    if (input.substr(0, width).find_first_not_of(' ', end) != bytes::npos) return 0;
    length = value;
    return width;
}

result<digits_number> digits_number::parse(spec_reader& spec) {
    digits_number parsed;
    const auto name = spec.name().text;
    parsed.set = name == "hex"   ? digit_set::hex
                 : name == "bcd" ? digit_set::bcd
                                 : digit_set::ascii;
    const auto most = parsed.set == digit_set::hex   ? hex_width_max
                      : parsed.set == digit_set::bcd ? bcd_width_max
                                                     : width_max;
    const auto argument = spec.argument();
    const auto width = parse_number(argument.text);
    if (!width || *width < 1 || *width > most) {
        return spec.refuse(argument.position, fmt::format("a width from 1 to {}", most));
    }
    parsed.width = static_cast<std::size_t>(*width);
    if (parsed.set != digit_set::ascii) return parsed;
    if (const auto pad = spec.take("pad")) {
        if (pad->text != "zero" && pad->text != "space" && pad->text != "left-space") {
            return spec.refuse(pad->position, "zero, space or left-space");
        }
        parsed.pad = pad->text == "zero"    ? padding::zero
                     : pad->text == "space" ? padding::space
                                            : padding::left_space;
    }
    if (const auto count = spec.take("count")) {
        if (count->text != "bytes" && count->text != "chars") {
            return spec.refuse(count->position, "bytes or chars");
        }
        parsed.count = count->text == "bytes" ? counting::in_bytes : counting::in_characters;
    }
    return parsed;
}

std::uint64_t digits_number::value_max() const noexcept {
    if (set == digit_set::hex) return largest_number<16, 16>(width);
    return largest_number<10, 20>(set == digit_set::bcd ? 2 * width : width);
}

// Few digits after many zeros: composed on the stack and appended once.
void digits_number::write(std::uint64_t value, std::string& out) const {
    if (!is_quick() || pad != padding::zero) return write_other(value, out);
    std::array<char, std::numeric_limits<std::uint64_t>::digits10 + 1> text{};
    text.fill('0');
    for (auto at = text.size(); value != 0; value /= 10) {
        text[--at] = static_cast<char>('0' + value % 10);
    }
    out.append(text.data() + text.size() - width, width);
}

// Not inlined, as what is usual would save and restore the registers that this uses.
[[gnu::noinline]] void digits_number::write_other(std::uint64_t value, std::string& out) const {
    if (set == digit_set::bcd) return write_bcd(value, out);
    if (set == digit_set::hex) return write_hex(value, out);
    const fmt::format_int text(value);
    if (pad != padding::space) {
        out.append(width - text.size(), pad == padding::zero ? '0' : ' ');
    }
    out.append(text.data(), text.size());
    if (pad == padding::space) out.append(width - text.size(), ' ');
}

void digits_number::write_hex(std::uint64_t value, std::string& out) const {
    std::array<char, hex_width_max> text{};
    for (auto at = text.size(); at > 0; value /= 16) text[--at] = "0123456789abcdef"[value % 16];
    out.append(text.data() + text.size() - width, width);
}

void digits_number::write_bcd(std::uint64_t value, std::string& out) const {
    std::array<char, bcd_width_max> text{};
    for (auto at = text.size(); at > 0; value /= 100) {
        text[--at] = static_cast<char>(value / 10 % 10 << 4U | value % 10);
    }
    out.append(text.data() + text.size() - width, width);
}

std::string digits_number::expectation() const {
    if (set == digit_set::hex) return fmt::format("{} hexadecimal digits", width);
    if (set == digit_set::bcd) return fmt::format("{} bytes of two decimal digits each", width);
    return fmt::format("{} bytes of decimal digits{}", width,
                       pad == padding::space        ? " followed by spaces"
                       : pad == padding::left_space ? " after spaces"
                                                    : "");
}

std::string_view digits_number::recognise(const misread& what,
                                          const length_options& options) const noexcept {
    if (options.before() > 0 || set == digit_set::bcd) return {};
    if (set == digit_set::hex) return looks_like_text(what.beginning);
    const auto found = recognise_other_width(what, width, pad == padding::space);
    return found.empty() ? recognise_instead_of_digits(what) : found;
}

std::string digits_number::explain(bytes field) const {
    if (set == digit_set::bcd) return hex(field);
    if (set == digit_set::ascii) return {};
    auto read = *this;
    for (const char byte : field) (void)read.add(byte, unknown_length);
    return fmt::format("{} in hexadecimal = {}", field, read.value());
}

length_layout digits_number::describe() const {
    const auto written = set == digit_set::hex   ? notation::hex
                         : set == digit_set::bcd ? notation::bcd
                                                 : notation::digits;
    return {.written = written,
            .width = width,
            .padded_right = pad == padding::space,
            .padded_left = pad == padding::left_space};
}

template class announced_header<digits_number>;
template struct announced<digits_number>;
template class prefixed_decoder<announced_header<digits_number>>;

}  // namespace framewire
