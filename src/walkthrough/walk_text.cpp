#include "walk_text.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

constexpr std::size_t label_columns = 10;

std::string comment(std::string_view words) {
    return words.empty() ? std::string("#\n") : fmt::format("# {}\n", words);
}

std::string labelled(std::string_view label, std::string_view words, bool colour) {
    const auto name = colour ? part_colour(label) : std::string_view();
    const auto padded = fmt::format("{:<{}}", label, label_columns);
    return comment(name.empty() ? padded + std::string(words)
                                : fmt::format("{}{}\x1b[0m{}", name, padded, words));
}

std::string range(std::uint64_t begin, std::uint64_t end) {
    return end - begin <= 1 ? fmt::format("{}", begin) : fmt::format("{} to {}", begin, end - 1);
}

// One line for each part of a frame: its position and its content.
std::string print_parts(const framing& frames, const frame_anatomy& frame,
                        const wire_error* failure, bool colour) {
    std::string text;
    const auto add = [&](std::string_view name, std::uint64_t begin, std::uint64_t end,
                         const std::string& words) {
        if (begin < end) {
            text += labelled(name, fmt::format("{:<10}  {}", range(begin, end), words), colour);
        }
    };
    add("header", frame.offset, frame.payload_offset(), explain_header(frames, frame));
    add("payload", frame.payload_offset(), frame.trailer_offset(), quote_beginning(frame.payload));
    // All of it may have come before its length, in the header.
    if (frame.payload_bytes == 0 && frame.reached == frame_anatomy::stage::complete) {
        text += labelled("payload",
                         fmt::format("{:<10}  {}", frame.counted == 0 ? "empty" : "in header",
                                     quote_beginning(frame.payload)),
                         colour);
    }
    add("trailer", frame.trailer_offset(), frame.end(), quote_beginning(frame.trailer));
    if (frame.reached == frame_anatomy::stage::failed && failure != nullptr) {
        add("wrong", failure->offset, wrong_end(frame, failure->offset),
            std::string(error_name(failure->code)));
    }
    return text;
}

}  // namespace

std::string size_and_range(std::uint64_t offset, std::uint64_t size) {
    return fmt::format("{} byte{}, {}", size, size == 1 ? "" : "s", range(offset, offset + size));
}

namespace {

std::string print_ruler(bytes beginning, std::uint64_t size, std::uint64_t offset,
                        const std::vector<frame_anatomy>& found,
                        const std::vector<std::uint64_t>& chunk_ends, const wire_error* failure,
                        bool colour) {
    const auto parts = parts_of(found, failure == nullptr ? unknown_length : failure->offset);
    const auto shown = beginning.substr(0, ruler_bytes_max);
    std::string text;
    for (const auto& line : draw_ruler(shown, offset, parts, chunk_ends, colour)) {
        text += comment(line);
    }
    if (shown.size() < size) {
        const auto left = size - shown.size();
        text += comment(fmt::format("and {} more byte{}", left, left == 1 ? "" : "s"));
    }
    return text;
}

}  // namespace

std::string print_ruler(bytes data, std::uint64_t offset, const std::vector<frame_anatomy>& found,
                        const std::vector<std::uint64_t>& chunk_ends, const wire_error* failure,
                        bool colour) {
    return print_ruler(data, data.size(), offset, found, chunk_ends, failure, colour);
}

std::string print_anatomy(const framing& frames, bytes beginning, std::uint64_t size,
                          const std::vector<frame_anatomy>& found,
                          const std::vector<std::uint64_t>& chunk_ends, const wire_error* failure,
                          bool colour) {
    auto text = print_ruler(beginning, size, 0, found, chunk_ends, failure, colour);
    for (const auto& frame : found) {
        if (frame.offset >= ruler_bytes_max) break;
        text += comment("");
        text += print_parts(frames, frame, failure, colour);
    }
    return text;
}

std::string print_parted(const std::string& line, bytes chunk, std::uint64_t offset,
                         const std::vector<frame_anatomy>& found) {
    if (chunk.size() > parted_bytes_max || line.empty()) return line;
    std::string parts(1, line.front());
    bool has_text = false;
    std::size_t at = 0;
    const auto add = [&](const std::string& part) {
        if (!part.empty()) parts += " " + part;
    };
    for (const auto& frame : found) {
        const auto header_end = frame.payload_offset();
        const bool is_failed = frame.reached == frame_anatomy::stage::failed;
        if (!frame.is_binary || is_failed || header_end <= offset ||
            frame.offset >= offset + chunk.size()) {
            continue;
        }
        const auto begin = static_cast<std::size_t>(std::max(frame.offset, offset) - offset);
        const auto end = std::min(static_cast<std::size_t>(header_end - offset), chunk.size());
        if (begin < at || end <= begin) continue;
        const auto header = chunk.substr(begin, end - begin);
        has_text = has_text || std::ranges::any_of(header, [](char byte) {
                       return (byte >= ' ' && byte <= '~') || (byte >= '\t' && byte <= '\r');
                   });
        add(print_bytes(chunk.substr(at, begin - at)));
        add(hex(header));
        at = end;
    }
    if (!has_text) return line;
    add(print_bytes(chunk.substr(at)));
    return parts + "\n";
}

std::string print_step_begin(const walk_step& step, const std::string& title, bool colour) {
    return comment(title + ": " + size_and_range(step.offset, step.size)) +
           labelled("before", step.before, colour) + step.received;
}

std::string print_part(const walk_part& part, bool colour) {
    std::string text;
    for (const auto& [label, words] : part.findings) text += labelled(label, words, colour);
    return text + part.events;
}

std::string print_step_end(const std::string& after, bool colour) {
    return labelled("after", after, colour);
}

std::string print_step(const walk_step& step, const std::string& title, bool colour) {
    auto text = print_step_begin(step, title, colour);
    for (const auto& part : step.parts) text += print_part(part, colour);
    return text + print_step_end(step.after, colour);
}

std::string print_transcript(const walk_step& step) {
    auto text = step.received;
    for (const auto& part : step.parts) text += part.events;
    return text;
}

}  // namespace framewire
