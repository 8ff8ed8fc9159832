#include "framewire/codec/varint.hpp"

#include "prefixed_decoder.ipp"

namespace framewire {

header_step varint_header::advance(bytes input, std::uint64_t length_max) noexcept {
    for (std::size_t at = 0; at < input.size(); ++at) {
        const std::uint64_t byte = static_cast<std::uint8_t>(input[at]);
        const bool last = byte < 0x80;
        const bool tenth = taken_ + 1 == bytes_max;
        const bool longer_than_needed = byte == 0 && taken_ > 0;
        if (longer_than_needed || (tenth && !last)) return {.error = errc::frame_length_syntax};
        // The tenth byte holds one more bit.
        if (tenth && byte > 1) return {.error = errc::frame_too_large};
        value_ |= (byte & 0x7F) << (7 * taken_);
        if (value_ > length_max) return {.error = errc::frame_too_large};
        ++taken_;
        if (last) return {.taken = at + 1, .complete = true};
    }
    return {.taken = input.size()};
}

std::string varint_header::expectation() const { return "at most 10 bytes of a canonical varint"; }

std::string_view varint_header::recognise(const misread& what) noexcept {
    if (looks_like_decimal_length(what.beginning)) {
        return "looks like a decimal header sent to a binary framing";
    }
    return looks_like_text(what.beginning);
}

tl::expected<void, errc> varint::begin(std::uint64_t announced, std::string& out) const {
    for (; announced >= 0x80; announced >>= 7) out += static_cast<char>(announced | 0x80);
    out += static_cast<char>(announced);
    return {};
}

frame_layout varint::describe() const {
    return {.length = length_layout{.written = notation::varint,
                                    .width = varint_header::bytes_max,
                                    .expectation = varint_header{}.expectation()}};
}

// As a sum: `ac 02 = 44 + 2 x 128`.
std::string varint::describe_header(bytes header) const {
    auto text = hex(header);
    if (header.size() < 2) return text;
    for (std::size_t at = 0; at < header.size(); ++at) {
        text += fmt::format("{}{}", at == 0 ? " = " : " + ", header[at] & 0x7F);
        if (at > 0) text += " x 128";
        if (at > 1) text += fmt::format("^{}", at);
    }
    return text;
}

template class prefixed_decoder<varint_header>;

}  // namespace framewire
