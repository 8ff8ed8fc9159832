#include "framewire/codec/varint.hpp"

#include "announced.ipp"
#include "framewire/core/units.hpp"

namespace framewire {

optional_errc varint_number::add(char byte, std::uint64_t limit) noexcept {
    const std::uint64_t octet = static_cast<std::uint8_t>(byte);
    const bool last = octet < 0x80;
    const bool widest = taken_ + 1 == width_max;
    const bool longer_than_needed = octet == 0 && taken_ > 0 && !any_form;
    if (longer_than_needed || (widest && !last)) return errc::frame_length_syntax;
    // The tenth byte holds one more bit.
    if (taken_ + 1U == bytes_max && octet > 1) return errc::frame_too_large;
    const auto value = value_ | (octet & 0x7F) << (7 * taken_);
    if (value > limit) return errc::frame_too_large;
    value_ = value;
    ++taken_;
    complete_ = last;
    return std::nullopt;
}

result<varint_number> varint_number::parse(spec_reader& spec) {
    varint_number parsed;
    if (const auto argument = spec.argument(); !argument.text.empty()) {
        const auto width = parse_number(argument.text);
        if (!width || *width < 1 || *width > bytes_max) {
            return spec.refuse(argument.position, fmt::format("1 to {} bytes", bytes_max));
        }
        parsed.width_max = static_cast<std::uint8_t>(*width);
    }
    if (const auto form = spec.take("form")) {
        if (form->text != "shortest" && form->text != "any") {
            return spec.refuse(form->position, "shortest or any");
        }
        parsed.any_form = form->text == "any";
    }
    return parsed;
}

void varint_number::write(std::uint64_t value, std::string& out) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

std::string varint_number::expectation() const {
    return fmt::format("at most {} bytes of a {}varint", width_max, any_form ? "" : "canonical ");
}

std::string_view varint_number::recognise(const misread& what,
                                          const length_options& options) noexcept {
    if (options.lead > 0) return {};
    if (looks_like_decimal_length(what.beginning)) {
        return "looks like a decimal header sent to a binary framing";
    }
    return looks_like_text(what.beginning);
}

// As a sum: `ac 02 = 44 + 2 x 128`.
std::string varint_number::explain(bytes field) {
    auto text = hex(field);
    if (field.size() < 2) return text;
    for (std::size_t at = 0; at < field.size(); ++at) {
        text += fmt::format("{}{}", at == 0 ? " = " : " + ", field[at] & 0x7F);
        if (at > 0) text += " x 128";
        if (at > 1) text += fmt::format("^{}", at);
    }
    return text;
}

length_layout varint_number::describe() const {
    return {.written = notation::varint, .width = width_max, .any_form = any_form};
}

template class announced_header<varint_number>;
template struct announced<varint_number>;
template class prefixed_decoder<announced_header<varint_number>>;

}  // namespace framewire
