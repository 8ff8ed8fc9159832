#include "framewire/codec/detail/length_options.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "spec_reader.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

// A quote must leave space in its line for the explanation.
constexpr std::size_t before_bytes_shown = 20;

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

}  // namespace

tl::expected<std::uint64_t, errc> length_options::length_of(std::uint64_t field) const noexcept {
    auto length = add(masked(field), adjust, errc::frame_length_syntax);
    if (length && lead > 0) length = add(*length, lead, errc::frame_length_syntax);
    return length;
}

tl::expected<std::uint64_t, errc> length_options::field_for(std::uint64_t length,
                                                            std::uint64_t full) const noexcept {
    if (length < lead) return tl::unexpected(errc::frame_wrong_size);
    const auto field = add(length - lead, -adjust, errc::frame_wrong_size);
    if (!field) return field;
    if (*field > masked(full)) return tl::unexpected(errc::frame_too_large);
    if (is_idle(*field)) return tl::unexpected(errc::frame_wrong_size);
    const auto flag = joins_by_flag && flag_is_last ? std::uint64_t{1} << flag_bit : 0;
    return *field | flag;
}

std::uint64_t length_options::field_max(std::uint64_t length_max) const noexcept {
    if (mask_bits != all_bits) return unknown_length;
    const auto most = add(length_max < lead ? 0 : length_max - lead, -adjust, errc{});
    if (!most) return most.error() == errc{} ? idle_last : unknown_length;
    return std::max<std::uint64_t>(*most, idle_last);
}

void length_options::write_before(std::string& out) const {
    out += magic_bytes();
    out.append(gap, '\0');
}

void length_options::write_trailer(std::string& out) const {
    out += end_bytes();
    out.append(trailer, '\0');
}

std::string length_options::explain_before(bytes header) const {
    const auto size = before();
    if (size == 0) return {};
    return fmt::format("after {}: ", hex(header.substr(0, size), before_bytes_shown));
}

std::string length_options::explain_field(std::uint64_t field) const {
    std::string text;
    const bool is_part = masked(field) != field;
    if (adjust != 0 || is_part) text += fmt::format(" = {}", field);
    if (is_part) text += fmt::format(", of which {} are the length", masked(field));
    if (adjust != 0) text += fmt::format(", + adjust {}", adjust);
    return text;
}

void length_options::describe(length_layout& layout) const {
    layout.offset = before();
    layout.magic = magic_bytes();
    layout.lead = lead;
    layout.adjust = adjust;
    layout.trailer_size = trailer_size();
    layout.trailer = end_bytes();
    if (mask_bits != all_bits) layout.mask = masked(~std::uint64_t{0});
    const auto flag = joins_by_flag ? std::uint64_t{1} << flag_bit : 0;
    (flag_is_last ? layout.last : layout.more) = flag;
    layout.joins_full = joins_full;
    if (has_idle()) layout.idle_first = idle_first;
    layout.idle_last = has_idle() ? idle_last : 0;
}

}  // namespace framewire
