#include "framewire/codec/detail/guess.hpp"

#include "framewire/codec/detail/diagnosis.hpp"
#include "framewire/core/utf8.hpp"
#include "length_reading.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

// What the words of an error may cost.
constexpr std::size_t known_bytes_max = std::size_t{64} * 1024;

constexpr std::string_view line_end_sent =
    "looks like a line end after a message: does the peer send one?";

// As much of the unfinished frame as is still there: its beginning, and what came of its payload.
std::string known_bytes(const frame_layout& layout, bytes beginning, bytes payload) {
    auto before = layout.start.size();
    if (layout.length) {
        const auto header = layout.length->header_size();
        if (!header || payload.size() < layout.length->lead) return std::string(beginning);
        before = static_cast<std::size_t>(*header);
        payload.remove_prefix(layout.length->lead);
    }
    const auto known = before + payload.size();
    if (before > beginning.size() || known <= beginning.size()) return std::string(beginning);
    return std::string(beginning.substr(0, before)) +
           std::string(payload.substr(0, known_bytes_max));
}

// A length in so many bytes before it and in the header as a whole.
std::string guess_own_header(const length_layout& layout, known_stream seen) {
    const auto header = layout.header_size();
    if (layout.written == notation::none || !header) return {};
    for (const auto size : {layout.width, static_cast<std::size_t>(*header)}) {
        auto other = layout;
        other.adjust -= static_cast<std::int64_t>(size);
        if (!ends_with_a_frame(other, seen)) continue;
        return fmt::format("does the length count its own header? (adjust={})", other.adjust);
    }
    return {};
}

std::string_view guess_byte_order(const length_layout& layout, known_stream seen) {
    if (layout.written != notation::binary || layout.width == 1) return {};
    auto other = layout;
    other.little_endian = !layout.little_endian;
    if (!ends_with_a_frame(other, seen)) return {};
    return layout.little_endian
               ? "looks like a big-endian length, where little-endian is expected"
               : "looks like a little-endian length, where big-endian is expected";
}

// `known_width` is that of the digits that were expected, if any.
std::string guess_text_length(known_stream seen, std::size_t known_width = 0) {
    if (ends_with_a_frame({.written = notation::terminated,
                           .terminator = ":",
                           .trailer_size = 1,
                           .trailer = ","},
                          seen)) {
        return "looks like a netstring";
    }
    if (ends_with_a_frame({.written = notation::terminated, .terminator = " "}, seen)) {
        return "looks like an octet count (octet-count)";
    }
    for (std::size_t width = 2; width <= 10; ++width) {
        const length_layout digits{.written = notation::digits, .width = width};
        if (width == known_width || !ends_with_a_frame(digits, seen)) continue;
        return fmt::format("looks like a length of {0} digits (digits:{0})", width);
    }
    return {};
}

std::string guess_binary_length(known_stream seen) {
    for (const auto width : {2U, 3U, 4U, 8U}) {
        for (const bool little_endian : {false, true}) {
            if (!ends_with_a_frame(
                    {.written = notation::binary, .width = width, .little_endian = little_endian},
                    seen)) {
                continue;
            }
            return fmt::format("looks like a length of {} bytes (u{}{})", width, 8 * width,
                               little_endian ? "le" : "be");
        }
    }
    return {};
}

struct unfinished {
    known_stream seen;
    std::uint64_t announced = unknown_length;
    bool is_first = false;
};

// A payload of which next to nothing has come may be none.
bool is_sparse(const unfinished& frame) noexcept {
    constexpr std::uint64_t part = 16;
    return frame.announced == unknown_length || frame.announced / part > frame.seen.size;
}

// True if the payload is whole where its bytes are counted.
bool counts_bytes(length_layout layout, known_stream seen) {
    layout.unit = counting::in_bytes;
    if (seen.beginning.size() != seen.size || !ends_with_a_frame(layout, seen)) return false;
    const auto header = read_length(layout, seen.beginning);
    return count_utf8(seen.beginning.substr(header->header_bytes)) != unknown_length;
}

// What came instead of a binary header.
std::string guess_in_place_of_header(const length_layout& layout, const unfinished& frame) {
    const auto& seen = frame.seen;
    const bool is_after_frame = seen.size == seen.beginning.size() && !frame.is_first;
    const bool is_line_end = seen.beginning == "\n" || seen.beginning == "\r\n";
    if (is_after_frame && is_line_end) return std::string(line_end_sent);
    // As the first byte of a length, a letter is half a gigabyte.
    const bool is_huge = layout.written == notation::binary && !layout.little_endian &&
                         layout.width >= 4 && layout.offset == 0;
    if (is_after_frame && is_huge && seen.beginning.front() > ' ' &&
        reads_as_text(seen.beginning)) {
        return "looks like the rest of a message: does the peer count characters?";
    }
    return std::string(looks_like_protocol(seen.beginning));
}

// Which length it is, where a binary one of the announced size was expected.
std::string guess_length(const length_layout& layout, const unfinished& frame) {
    if (const auto found = guess_byte_order(layout, frame.seen); !found.empty()) {
        return std::string(found);
    }
    if (auto found = guess_own_header(layout, frame.seen); !found.empty()) return found;
    const auto width = layout.written == notation::digits ? layout.width : 0;
    if (auto found = guess_text_length(frame.seen, width); !found.empty()) return found;
    if (!layout.is_binary() || !layout.magic.empty()) return {};
    if (layout.offset == 0 && layout.adjust == 0) {
        if (auto found = guess_binary_length(frame.seen); !found.empty()) return found;
    }
    const bool is_one_byte = layout.written == notation::binary && layout.width == 1;
    if (is_one_byte || !is_sparse(frame)) return {};
    if (looks_like_decimal_length(frame.seen.beginning)) {
        return "looks like a decimal header sent to a binary framing";
    }
    return std::string(looks_like_text(frame.seen.beginning));
}

std::string guess_announced(const length_layout& layout, const unfinished& frame) {
    if (layout.written == notation::none || layout.written == notation::fields) return {};
    if (layout.is_binary() && layout.magic.empty()) {
        if (auto found = guess_in_place_of_header(layout, frame); !found.empty()) return found;
    }
    if (layout.unit == counting::in_characters && counts_bytes(layout, frame.seen)) {
        return "does the peer count bytes?";
    }
    // A peer that writes another header does so from the beginning.
    return frame.is_first ? guess_length(layout, frame) : std::string();
}

bool ends_in_nul(bytes seen) noexcept {
    const auto end = seen.find('\0');
    return end != bytes::npos && end > 0 && reads_as_text(seen.substr(0, end));
}

// Which end it is, where another was expected.
std::string guess_end(const boundary& expected, known_stream seen) {
    if (auto found = guess_text_length(seen); !found.empty()) return found;
    if (auto found = guess_binary_length(seen); !found.empty()) return found;
    const auto known = seen.beginning;
    if (ends_in_nul(known)) return "looks like a message that NUL ends: delimiter:\\0";
    if (!reads_as_text(known) || expected.mark() != "\r\n") return {};
    if (known.find('\n') != bytes::npos) return "looks like lines that LF ends: line";
    return known.ends_with('\r') && seen.size == known.size()
               ? "looks like lines that CR ends: delimiter:\\r"
               : std::string();
}

std::string guess_ended(const frame_layout& layout, const unfinished& frame) {
    if (!layout.start.empty()) return {};
    const auto known = frame.seen.beginning;
    const auto protocol = looks_like_protocol(known);
    // What is made of lines is right where lines are expected.
    if (!protocol.empty() && !(layout.end->is_line_end() && reads_as_text(known))) {
        return std::string(protocol);
    }
    return frame.is_first ? guess_end(*layout.end, frame.seen) : std::string();
}

}  // namespace

std::string guess_unfinished(const framing& frames, const decoder& open, bytes payload) {
    const auto layout = frames.describe();
    if (layout.own != grammar::none || !(layout.length || layout.end)) return {};
    const auto known = known_bytes(layout, open.beginning(), payload);
    if (known.empty()) return {};
    const auto received = open.offset() - open.frame_offset();
    const unfinished frame{{known, received}, open.announced(), open.frame_offset() == 0};
    return layout.length ? guess_announced(*layout.length, frame) : guess_ended(layout, frame);
}

std::string guess_after(const framing& frames, bytes before, bytes rest) {
    const auto layout = frames.describe();
    if (!layout.length || layout.own != grammar::none) return {};
    if (before.size() + rest.size() > known_bytes_max) return {};
    const auto both = std::string(before) + std::string(rest);
    const known_stream seen{both, both.size()};
    auto other = *layout.length;
    if (ends_with_a_frame(other, seen, "\n") || ends_with_a_frame(other, seen, "\r\n")) {
        return std::string(line_end_sent);
    }
    if (auto found = guess_own_header(other, seen); !found.empty()) return found;
    if (other.adjust < 0) {
        other.adjust = 0;
        if (ends_with_a_frame(other, seen)) {
            return "does the length not count its own header? (adjust=0)";
        }
        other.adjust = layout.length->adjust;
    }
    if (other.unit == counting::in_characters) return {};
    other.unit = counting::in_characters;
    if (!ends_with_a_frame(other, seen)) return {};
    return other.written == notation::digits ? "does the peer count characters? (count=chars)"
                                             : "does the peer count characters?";
}

}  // namespace framewire
