#include "framewire/codec/binary_length.hpp"

#include "framewire/core/units.hpp"
#include "prefixed_decoder.ipp"
#include "spec_reader.hpp"

#include <fmt/format.h>

namespace framewire {
namespace {

// What one byte can count: more than any header in use has around its length.
constexpr std::uint64_t around_bytes_max = 255;

// A quote must leave space in its line for the explanation.
constexpr std::size_t before_bytes_shown = 20;

// The range of a length in four bytes, the widest that is adjusted in practice.
constexpr std::uint64_t adjust_max = std::uint64_t{1} << 32;

// Returns the sum, or `negative`. Checked, as both may have any value.
tl::expected<std::uint64_t, errc> add(std::uint64_t length, std::int64_t adjust, errc negative) {
    const auto distance = static_cast<std::uint64_t>(adjust < 0 ? -adjust : adjust);
    if (adjust < 0) {
        if (length < distance) return tl::unexpected(negative);
        return length - distance;
    }
    if (length > unknown_length - distance) return tl::unexpected(errc::frame_too_large);
    return length + distance;
}

std::uint64_t append_byte(std::uint64_t value, char byte, std::size_t index,
                          bool little_endian) noexcept {
    const std::uint64_t octet = static_cast<std::uint8_t>(byte);
    return little_endian ? value | octet << (8 * index) : value << 8 | octet;
}

result<std::uint64_t> parse_signed_magnitude(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return parse_number(text);
}

result<std::uint8_t> parse_count(spec_reader& spec, std::string_view key, std::uint8_t otherwise) {
    const auto word = spec.take(key);
    if (!word) return otherwise;
    const auto count = parse_number(word->text);
    if (!count || *count > around_bytes_max) {
        return spec.refuse(word->position,
                           fmt::format("a number of bytes from 0 to {}", around_bytes_max));
    }
    return static_cast<std::uint8_t>(*count);
}

result<void> parse_magic(spec_reader& spec, binary_layout& layout) {
    const auto word = spec.take("magic");
    if (!word) return {};
    const auto magic = spec.unescape(*word, binary_layout::magic_bytes_max);
    if (!magic) return tl::unexpected(magic.error());
    magic->copy(layout.magic.data(), magic->size());
    layout.magic_size = static_cast<std::uint8_t>(magic->size());
    layout.offset = layout.magic_size;
    return {};
}

result<void> parse_offset(spec_reader& spec, binary_layout& layout) {
    const auto position = spec.position("offset");
    const auto offset = parse_count(spec, "offset", layout.offset);
    if (!offset) return tl::unexpected(offset.error());
    if (*offset < layout.magic_size) {
        return spec.refuse(position,
                           fmt::format("at least the {} bytes of magic", layout.magic_size));
    }
    layout.offset = *offset;
    return {};
}

result<void> parse_lead(spec_reader& spec, binary_layout& layout) {
    const auto word = spec.take("lead");
    if (!word) return {};
    const auto lead = parse_number(word->text);
    if (!lead || *lead > binary_layout::lead_bytes_max) {
        return spec.refuse(word->position, fmt::format("a number of bytes from 0 to {}",
                                                       binary_layout::lead_bytes_max));
    }
    if (spec.position("offset") != 0) {
        return spec.refuse(word->position, "lead or offset, not both");
    }
    layout.lead = static_cast<std::uint8_t>(*lead);
    layout.offset = static_cast<std::uint8_t>(layout.magic_size + layout.lead);
    return {};
}

result<void> parse_adjust(spec_reader& spec, binary_layout& layout) {
    const auto word = spec.take("adjust");
    if (!word) return {};
    const auto distance = parse_signed_magnitude(word->text);
    if (!distance || *distance > adjust_max) {
        return spec.refuse(word->position, fmt::format("a number from -{0} to +{0}", adjust_max));
    }
    layout.adjust = static_cast<std::int64_t>(*distance);
    if (word->text.starts_with('-')) layout.adjust = -layout.adjust;
    return {};
}

}  // namespace

header_step binary_header::advance(bytes input, std::uint64_t length_max) noexcept {
    const auto missing = input.substr(0, wanted());
    for (const char byte : missing) {
        if (taken_ < layout.magic_size && byte != layout.magic[taken_]) {
            return {.error = errc::frame_syntax};
        }
        if (taken_ >= layout.offset) {
            value_ = append_byte(value_, byte, taken_ - layout.offset, layout.little_endian);
        }
        ++taken_;
    }
    if (wanted() != 0) return {.taken = missing.size()};
    auto length = add(value_, layout.adjust, errc::frame_length_syntax);
    if (length) length = add(*length, layout.lead, errc::frame_length_syntax);
    if (!length || *length > length_max) {
        const auto error = length ? errc::frame_too_large : length.error();
        if (error == errc::frame_length_syntax) taken_ = layout.offset;  // the length is wrong
        return {.error = error};
    }
    length_ = *length;
    return {.taken = missing.size(), .complete = true};
}

std::string binary_header::expectation() const {
    if (taken_ < layout.magic_size) {
        return fmt::format("{} and a length", quote(layout.magic_bytes()));
    }
    if (layout.adjust < 0) return fmt::format("a length of at least {}", -layout.adjust);
    return fmt::format("a length of {} bytes", layout.width);
}

std::string_view binary_header::recognise(const misread& what) const noexcept {
    if (looks_like_decimal_length(what.beginning)) {
        return "looks like a decimal header sent to a binary framing";
    }
    if (what.frames_follow && is_text_sized(what.beginning)) return in_the_middle;
    if (is_byte_swapped(what)) {
        return layout.little_endian
                   ? "looks like a big-endian length, where little-endian is expected"
                   : "looks like a little-endian length, where big-endian is expected";
    }
    return looks_like_text(what.beginning);
}

// True if the length is as large as text makes it; others that are too large may be intended.
// Requires: a whole header.
bool binary_header::is_text_sized(bytes beginning) const noexcept {
    const auto highest = layout.offset + (layout.little_endian ? layout.width - 1U : 0U);
    return static_cast<std::uint8_t>(beginning[highest]) >= ' ';
}

// True if the length is plausible in the other byte order: its first byte is not zero, its last
// is, and the frames that would follow have plausible lengths, too.
bool binary_header::is_byte_swapped(const misread& what) const noexcept {
    if (layout.width == 1 || what.beginning.size() < std::size_t{layout.offset} + layout.width) {
        return false;
    }
    const auto field = what.beginning.substr(layout.offset, layout.width);
    const char highest = layout.little_endian ? field.back() : field.front();
    const char lowest = layout.little_endian ? field.front() : field.back();
    if (highest == '\0' || lowest != '\0') return false;
    auto swapped = layout;
    swapped.little_endian = !swapped.little_endian;
    auto rest = what.beginning;
    for (binary_header header(swapped);; header.reset()) {
        const auto found = header.advance(rest, what.length_max);
        if (found.error || (found.complete && header.length() == 0)) return false;
        if (!found.complete) return true;
        const auto frame = found.taken + header.length() - layout.lead + layout.trailer;
        if (frame >= rest.size()) return true;
        rest.remove_prefix(static_cast<std::size_t>(frame));
    }
}

result<binary_length> binary_length::parse(spec_reader& spec) {
    binary_length parsed;
    const auto name = spec.name().text;
    parsed.layout.width = static_cast<std::uint8_t>(
        parse_number(name.substr(1, name.find_first_not_of("0123456789", 1) - 1)).value_or(0) / 8);
    parsed.layout.little_endian = name.ends_with("le");
    auto done = parse_magic(spec, parsed.layout);
    if (done) done = parse_lead(spec, parsed.layout);
    if (done) done = parse_offset(spec, parsed.layout);
    if (done) done = parse_adjust(spec, parsed.layout);
    if (!done) return tl::unexpected(done.error());
    return parse_count(spec, "trailer", 0).map([&](std::uint8_t trailer) {
        parsed.layout.trailer = trailer;
        return parsed;
    });
}

tl::expected<void, errc> binary_length::begin(std::uint64_t announced, std::string& out) const {
    if (announced < layout.lead) return tl::unexpected(errc::frame_wrong_size);
    const auto field = add(announced - layout.lead, -layout.adjust, errc::frame_wrong_size);
    if (!field) return tl::unexpected(field.error());
    const auto bits = 8U * layout.width;
    if (bits < 64 && *field >> bits != 0) return tl::unexpected(errc::frame_too_large);
    if (layout.offset > 0) {
        out += layout.magic_bytes();
        if (layout.lead > 0) return {};
        out.append(layout.offset - layout.magic_size, '\0');
    }
    write_length(announced, out);
    return {};
}

void binary_length::write_length(std::uint64_t announced, std::string& out) const {
    const auto field = announced - layout.lead - static_cast<std::uint64_t>(layout.adjust);
    std::array<char, word_bytes> length{};
    for (unsigned index = 0; index < layout.width; ++index) {
        const auto shift = 8 * (layout.little_endian ? index : layout.width - 1 - index);
        length[index] = static_cast<char>(field >> shift & 0xFF);
    }
    out.append(length.data(), layout.width);
}

frame_layout binary_length::describe() const {
    return {.length = length_layout{.written = notation::binary,
                                    .width = layout.width,
                                    .little_endian = layout.little_endian,
                                    .offset = layout.offset,
                                    .magic = std::string(layout.magic_bytes()),
                                    .lead = layout.lead,
                                    .adjust = layout.adjust,
                                    .trailer_size = layout.trailer,
                                    .expectation = binary_header(layout).expectation()}};
}

std::string binary_length::describe_header(bytes header) const {
    const auto before = header.substr(0, layout.offset);
    const auto field = header.substr(before.size());
    std::string text;
    if (!before.empty()) text = fmt::format("after {}: ", hex(before, before_bytes_shown));
    text += hex(field);
    if (layout.little_endian) text += " (lowest byte first)";
    if (layout.adjust == 0) return text;
    std::uint64_t value = 0;
    for (std::size_t at = 0; at < field.size(); ++at) {
        value = append_byte(value, field[at], at, layout.little_endian);
    }
    return text + fmt::format(" = {}, + adjust {}", value, layout.adjust);
}

template class prefixed_decoder<binary_header>;

}  // namespace framewire
