#include "framewire/codec/digits.hpp"

#include "decimal.hpp"
#include "framewire/core/units.hpp"
#include "prefixed_decoder.ipp"
#include "spec_reader.hpp"

#include <fmt/format.h>

namespace framewire {
namespace {

// Wider than any header in use, and still in one segment.
constexpr std::uint64_t width_max = 255;

}  // namespace

header_step digits_header::advance(bytes input, std::uint64_t length_max) noexcept {
    const auto missing = input.substr(0, wanted());
    for (const char byte : missing) {
        if (pad == padding::space && byte == ' ' && taken_ > 0) {
            in_padding_ = true;
        } else if (const bool leading_zero = pad == padding::space && taken_ > 0 && value_ == 0;
                   !is_digit(byte) || in_padding_ || leading_zero) {
            const bool nonsense = taken_ == 0 && !could_begin_a_number(byte);
            return {.error = nonsense ? errc::frame_syntax : errc::frame_length_syntax};
        } else {
            const auto digit = static_cast<std::uint64_t>(byte - '0');
            if (digit > length_max || value_ > (length_max - digit) / 10) {
                return {.error = errc::frame_too_large};
            }
            value_ = value_ * 10 + digit;
        }
        ++taken_;
    }
    return {.taken = missing.size(), .complete = taken_ == width};
}

std::string digits_header::expectation() const {
    return fmt::format("{} bytes of decimal digits{}", width,
                       pad == padding::space ? " followed by spaces" : "");
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
    if (pad == padding::zero && width <= narrow) return begin_narrow(announced, out);
    const fmt::format_int text(announced);
    if (text.size() > width) return tl::unexpected(errc::frame_too_large);
    if (pad == padding::zero) out.append(width - text.size(), '0');
    out.append(text.data(), text.size());
    if (pad == padding::space) out.append(width - text.size(), ' ');
    return {};
}

// Few digits after many zeros: composed on the stack and appended once.
tl::expected<void, errc> digits::begin_narrow(std::uint64_t announced, std::string& out) const {
    std::array<char, narrow> text{};
    text.fill('0');
    auto at = narrow;
    for (; announced != 0; announced /= 10) text[--at] = static_cast<char>('0' + announced % 10);
    if (narrow - at > width) return tl::unexpected(errc::frame_too_large);
    out.append(text.data() + narrow - width, width);
    return {};
}

frame_layout digits::describe() const {
    return {.length = length_layout{.written = notation::digits,
                                    .unit = count,
                                    .width = width,
                                    .padded_right = pad == padding::space,
                                    .expectation = digits_header{width, pad}.expectation()}};
}

template class prefixed_decoder<digits_header>;

}  // namespace framewire
