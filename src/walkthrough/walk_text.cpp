#include "walk_text.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

// Fills whole rows; positions have at most three digits.
constexpr std::size_t shown_bytes_max = 255;
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
    if (frame.payload_bytes == 0 && frame.reached == frame_anatomy::stage::complete) {
        text += labelled("payload", fmt::format("{:<10}  \"\"", "empty"), colour);
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

std::string print_ruler(bytes data, std::uint64_t offset, const std::vector<frame_anatomy>& found,
                        const std::vector<std::uint64_t>& chunk_ends, const wire_error* failure,
                        bool colour) {
    const auto parts = parts_of(found, failure == nullptr ? unknown_length : failure->offset);
    const auto shown = data.substr(0, shown_bytes_max);
    std::string text;
    for (const auto& line : draw_ruler(shown, offset, parts, chunk_ends, colour)) {
        text += comment(line);
    }
    if (shown.size() < data.size()) {
        const auto left = data.size() - shown.size();
        text += comment(fmt::format("and {} more byte{}", left, left == 1 ? "" : "s"));
    }
    return text;
}

std::string print_anatomy(const framing& frames, bytes stream,
                          const std::vector<frame_anatomy>& found,
                          const std::vector<std::uint64_t>& chunk_ends, const wire_error* failure,
                          bool colour) {
    auto text = print_ruler(stream, 0, found, chunk_ends, failure, colour);
    for (const auto& frame : found) {
        if (frame.offset >= shown_bytes_max) break;
        text += comment("");
        text += print_parts(frames, frame, failure, colour);
    }
    return text;
}

std::string print_step(const walk_step& step, const std::string& title, bool colour) {
    auto text = comment(title + ": " + size_and_range(step.offset, step.size));
    text += labelled("before", step.before, colour);
    text += step.received;
    for (const auto& part : step.parts) {
        for (const auto& [label, words] : part.findings) text += labelled(label, words, colour);
        text += part.events;
    }
    return text + labelled("after", step.after, colour);
}

std::string print_transcript(const walk_step& step) {
    auto text = step.received;
    for (const auto& part : step.parts) text += part.events;
    return text;
}

}  // namespace framewire
