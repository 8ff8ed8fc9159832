#include "link_header.hpp"

namespace framewire {
namespace {

constexpr byte_order little{};

}  // namespace

inner_or_none skip_wlan(layer frame, bool is_padded) {
    constexpr unsigned type_data = 2;
    constexpr unsigned subtype_without_data = 4;
    constexpr unsigned subtype_qos = 8;
    constexpr unsigned to_system = 0x01;
    constexpr unsigned from_system = 0x02;
    constexpr unsigned is_protected = 0x40;
    constexpr unsigned has_more_control = 0x80;
    constexpr unsigned several_in_one = 0x80;
    if (!frame.has(2)) return none();
    const unsigned kind = byte_at(frame.captured, 0);
    const unsigned flags = byte_at(frame.captured, 1);
    const auto subtype = kind >> 4;
    if ((kind >> 2 & 3) != type_data || (subtype & subtype_without_data) != 0) return none();
    if ((flags & is_protected) != 0) return none(no_segment::encrypted);
    std::size_t size = 24;
    if ((flags & to_system) != 0 && (flags & from_system) != 0) size += 6;
    if ((subtype & subtype_qos) != 0) {
        if (!frame.has(size + 2)) return none();
        if ((byte_at(frame.captured, size) & several_in_one) != 0) return none(no_segment::unread);
        size += 2;
        if ((flags & has_more_control) != 0) size += 4;
    }
    if (is_padded) size = (size + 3) / 4 * 4;
    if (!frame.has(size)) return none();
    return inner{header::llc, frame.after(size)};
}

// The fields are those whose bits are set in the words that begin at 4; the first two are a time
// of 8 bytes and flags.
inner_or_none skip_radiotap(layer record) {
    constexpr std::uint32_t has_time = 1;
    constexpr std::uint32_t has_flags = 2;
    constexpr std::uint32_t more_words = 0x8000'0000;
    constexpr unsigned is_padded = 0x20;
    if (!record.has(8)) return none();
    const std::size_t header_bytes = little.u16(record.captured, 2);
    if (!record.has(header_bytes)) return none();
    const auto head = record.captured.substr(0, header_bytes);
    std::size_t at = 4;
    while (at + 4 <= head.size() && (little.u32(head, at) & more_words) != 0) at += 4;
    at += 4;
    const auto present = head.size() >= 8 ? little.u32(head, 4) : 0;
    if ((present & has_time) != 0) at = (at + 7) / 8 * 8 + 8;
    const bool padded =
        (present & has_flags) != 0 && at < head.size() && (byte_at(head, at) & is_padded) != 0;
    return skip_wlan(record.after(header_bytes), padded);
}

}  // namespace framewire
