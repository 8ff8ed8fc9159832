#include "framewire/codec/binary_length.hpp"

#include "announced.ipp"
#include "framewire/core/units.hpp"

#include <algorithm>

namespace framewire {
namespace {

// True if the length is as large as text makes it; others that are too large may be intended.
// Requires: a whole header.
bool is_text_sized(const binary_number& number, const length_options& options, bytes beginning) {
    const auto highest = options.before() + (number.little_endian ? number.width - 1U : 0U);
    return static_cast<std::uint8_t>(beginning[highest]) >= ' ';
}

// True if the length is plausible in the other byte order: its first byte is not zero, its last
// is, and the frames that would follow have plausible lengths, too.
bool is_byte_swapped(const binary_number& number, const length_options& options,
                     const misread& what) {
    const auto before = options.before();
    if (number.width == 1 || what.beginning.size() < before + number.width) return false;
    const auto field = what.beginning.substr(before, number.width);
    const char highest = number.little_endian ? field.back() : field.front();
    const char lowest = number.little_endian ? field.front() : field.back();
    if (highest == '\0' || lowest != '\0') return false;
    auto rest = what.beginning;
    for (binary_header header({number.width, !number.little_endian}, options);; header.reset()) {
        const auto found = header.advance(rest, what.length_max);
        if (found.error || (found.complete && header.length() == 0)) return false;
        if (!found.complete) return true;
        const auto frame =
            found.taken + header.length() - header.lead_size() + header.trailer_size();
        if (frame >= rest.size()) return true;
        rest.remove_prefix(static_cast<std::size_t>(frame));
    }
}

}  // namespace

result<binary_number> binary_number::parse(spec_reader& spec) {
    const auto name = spec.name().text;
    const auto bits = parse_number(name.substr(1, name.find_first_not_of("0123456789", 1) - 1));
    return binary_number{static_cast<std::uint8_t>(bits.value_or(0) / 8), name.ends_with("le")};
}

void binary_number::write(std::uint64_t value, std::string& out) const {
    std::array<char, word_bytes> length{};
    for (unsigned index = 0; index < width; ++index) {
        const auto shift = 8 * (little_endian ? index : width - 1 - index);
        length[index] = static_cast<char>(value >> shift & 0xFF);
    }
    out.append(length.data(), width);
}

std::string binary_number::expectation() const {
    return fmt::format("a length of {} bytes", width);
}

std::string_view binary_number::recognise(const misread& what,
                                          const length_options& options) const noexcept {
    if (looks_like_decimal_length(what.beginning)) {
        return "looks like a decimal header sent to a binary framing";
    }
    if (what.frames_follow && is_text_sized(*this, options, what.beginning)) return in_the_middle;
    if (is_byte_swapped(*this, options, what)) {
        return little_endian ? "looks like a big-endian length, where little-endian is expected"
                             : "looks like a little-endian length, where big-endian is expected";
    }
    return looks_like_text(what.beginning);
}

std::string binary_number::explain(bytes field) const {
    return hex(field) + (little_endian ? " (lowest byte first)" : "");
}

length_layout binary_number::describe() const {
    return {.written = notation::binary, .width = width, .little_endian = little_endian};
}

template class announced_header<binary_number>;
template struct announced<binary_number>;
template class prefixed_decoder<announced_header<binary_number>>;

}  // namespace framewire
