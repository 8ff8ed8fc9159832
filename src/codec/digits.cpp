#include "framewire/codec/digits.hpp"

#include "framewire/core/units.hpp"
#include "prefixed_decoder.ipp"
#include "spec_reader.hpp"

#include <fmt/format.h>

namespace framewire {
namespace {

// Wider than any header in use, and still a single segment.
constexpr std::uint64_t width_max = 255;

// So many digits cannot overflow 64 bits.
constexpr std::size_t digits_certain = 19;

bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

// Separates a length that is written wrongly from something that is no length at all. Signs,
// blanks, and bytes of other scripts' digits are how people write lengths wrongly; letters and
// control bytes are how HTTP, SSH, TLS and SMB begin. Only the first byte is asked, so that the
// answer cannot depend on how the stream is split.
bool could_begin_a_number(char byte) noexcept {
    const auto value = static_cast<std::uint8_t>(byte);
    const bool letter = (value >= 'A' && value <= 'Z') || (value >= 'a' && value <= 'z');
    const bool white_space = value >= '\t' && value <= '\r';
    const bool control = (value < ' ' && !white_space) || value == 0x7F;
    const bool never_in_utf8 = value >= 0xF8;
    return !letter && !control && !never_in_utf8;
}

}  // namespace

// Nearly every header comes whole and is right. Anything else is left to `advance`, which looks at
// each byte for what is wrong with it.
bool digits_header::take_whole(bytes input, std::uint64_t length_max) noexcept {
    if (pad != padding::zero || taken_ != 0 || input.size() < width || width > digits_certain) {
        return false;
    }
    std::uint64_t value = 0;
    bool all_digits = true;
    for (const char byte : input.substr(0, width)) {
        const auto digit = static_cast<std::uint8_t>(static_cast<std::uint8_t>(byte) - '0');
        all_digits &= digit < 10;
        value = value * 10 + digit;
    }
    if (!all_digits || value > length_max) return false;
    value_ = value;
    taken_ = width;
    return true;
}

header_step digits_header::advance(bytes input, std::uint64_t length_max) noexcept {
    if (take_whole(input, length_max)) return {.taken = width, .complete = true};
    const auto missing = input.substr(0, wanted());
    for (std::size_t at = 0; at < missing.size(); ++at) {
        const char byte = missing[at];
        if (pad == padding::space && byte == ' ' && taken_ > 0) {
            in_padding_ = true;
        } else if (const bool leading_zero = pad == padding::space && taken_ > 0 && value_ == 0;
                   !is_digit(byte) || in_padding_ || leading_zero) {
            const bool nonsense = taken_ == 0 && !could_begin_a_number(byte);
            return {.taken = at,
                    .error = nonsense ? errc::frame_syntax : errc::frame_length_syntax};
        } else {
            const auto digit = static_cast<std::uint64_t>(byte - '0');
            if (digit > length_max || value_ > (length_max - digit) / 10) {
                return {.taken = at, .error = errc::frame_too_large};
            }
            value_ = value_ * 10 + digit;
        }
        ++taken_;
    }
    return {.taken = missing.size(), .complete = taken_ == width};
}

std::string digits_header::expectation() const {
    return fmt::format("{} bytes of decimal digits{}", width,
                       pad == padding::space ? " followed by blanks" : "");
}

result<digits> digits::parse(spec_reader& spec) {
    digits parsed;
    const auto argument = spec.argument();
    const auto width = parse_number(argument.text);
    if (!width || *width < 1 || *width > width_max) {
        return spec.refuse(argument.position, fmt::format("a width from 1 to {}", width_max));
    }
    parsed.width = static_cast<std::size_t>(*width);
    if (const auto pad = spec.take("pad")) {
        if (pad->text != "zero" && pad->text != "space") {
            return spec.refuse(pad->position, "zero or space");
        }
        parsed.pad = pad->text == "zero" ? padding::zero : padding::space;
    }
    if (const auto count = spec.take("count")) {
        if (count->text != "bytes" && count->text != "chars") {
            return spec.refuse(count->position, "bytes or chars");
        }
        parsed.count = count->text == "bytes" ? counting::in_bytes : counting::in_characters;
    }
    return parsed;
}

tl::expected<std::uint64_t, errc> digits::measure(bytes payload) const noexcept {
    if (count == counting::in_bytes) return payload.size();
    const auto characters = count_utf8(payload);
    if (characters == unknown_length) return tl::unexpected(errc::frame_utf8);
    return characters;
}

tl::expected<void, errc> digits::begin(std::uint64_t announced, std::string& out) const {
    const fmt::format_int text(announced);
    if (text.size() > width) return tl::unexpected(errc::frame_too_large);
    if (pad == padding::zero) out.append(width - text.size(), '0');
    out.append(text.data(), text.size());
    if (pad == padding::space) out.append(width - text.size(), ' ');
    return {};
}

template class prefixed_decoder<digits_header>;

}  // namespace framewire
