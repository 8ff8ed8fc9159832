#include "explanation.hpp"

#include "framewire/core/quote.hpp"
#include "glyphs.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

using stage = frame_anatomy::stage;

// Quotations leave space in a line for their explanation.
constexpr std::size_t state_columns_max = 20;
constexpr std::size_t payload_columns_max = 28;
constexpr std::size_t header_columns_max = 40;
constexpr std::size_t hex_bytes_max = 20;

std::string_view unit_of(const framing& frames, std::uint64_t number) {
    if (frames.counts() == counting::in_characters) {
        return number == 1 ? "character" : "characters";
    }
    return number == 1 ? "byte" : "bytes";
}

std::string amount(const framing& frames, std::uint64_t number) {
    return fmt::format("{} {}", number, unit_of(frames, number));
}

std::string bytes_amount(std::uint64_t number) {
    return fmt::format("{} {}", number, number == 1 ? "byte" : "bytes");
}

// A header whose length is not known yet.
std::string show_header(const framing& frames, bytes header, std::size_t columns_max) {
    const auto layout = frames.describe();
    const bool is_binary = layout.length && layout.length->is_binary();
    return is_binary ? hex(header, hex_bytes_max) : quote_beginning(header, columns_max);
}

// The explanation of a header, up to the `=` before the length.
std::string read_header(const framing& frames, bytes header) {
    auto words = frames.describe_header(header);
    const auto layout = frames.describe();
    if (layout.length && layout.length->is_binary()) return words;
    const bool is_short = words.empty() || header.size() <= header_columns_max;
    return is_short ? quote_beginning(header)
                    : fmt::format("{}, with {}", quote_beginning(header), words);
}

std::optional<std::uint64_t> header_size_of(const framing& frames) {
    const auto layout = frames.describe();
    return layout.length ? layout.length->header_size() : std::nullopt;
}

std::string header_progress(const framing& frames, const frame_anatomy& frame) {
    const auto size = header_size_of(frames);
    return size ? fmt::format("{} of {} bytes", frame.header_bytes, *size)
                : bytes_amount(frame.header_bytes);
}

std::string check_of_header(const framing& frames, const frame_anatomy& frame) {
    const auto size = header_size_of(frames);
    return size ? fmt::format("{} < {} bytes of header, continue", frame.header_bytes, *size)
                : std::string("the header has not ended, continue");
}

std::string check_of_length(const frame_anatomy& frame) {
    const auto counts = fmt::format("{} {} {}", frame.counted,
                                    frame.counted < frame.announced ? "<" : ">=", frame.announced);
    switch (frame.reached) {
        case stage::complete: return counts + ", complete";
        case stage::skipped: return counts + ", complete: discarded, it is larger than allowed";
        case stage::trailer: return counts + ", but what ends the frame is missing, continue";
        default:
            return counts +
                   (frame.is_discarded ? ", continue: all of it is discarded" : ", continue");
    }
}

std::string check_of_own_end(const frame_anatomy& frame) {
    switch (frame.reached) {
        case stage::complete: return "the message has ended, complete";
        case stage::skipped: return "the message has ended: discarded, it is larger than allowed";
        default:
            if (frame.is_between) return "no message has begun, continue";
            return frame.is_discarded
                       ? "the message has not ended, continue: all of it is discarded"
                       : "the message has not ended, continue";
    }
}

std::string check_of_boundary(const framing& frames, const frame_anatomy& frame) {
    const auto end = boundary_of(frames);
    if (frames.is_raw()) return "what one read returns is a message, complete";
    if (!end) return check_of_own_end(frame);
    const auto name = quote(end->name());
    if (frame.reached == stage::complete) return name + " found, complete";
    if (frame.reached == stage::skipped) {
        return name + " found, complete: discarded, it is larger than allowed";
    }
    const auto* const fate = frame.is_discarded ? "continue: all of it is discarded" : "continue";
    if (frame.trailer_bytes == 0) return fmt::format("no {} yet, {}", name, fate);
    return fmt::format("the last {} may begin {}, {}",
                       frame.trailer_bytes == 1 ? "byte" : bytes_amount(frame.trailer_bytes),
                       quote(end->mark()), fate);
}

std::string check_of(const framing& frames, const frame_anatomy& frame,
                     const wire_error* failure) {
    if (frame.reached == stage::failed) {
        return failure == nullptr
                   ? std::string("wrong")
                   : fmt::format("wrong at {}: {}", failure->offset, error_name(failure->code));
    }
    if (frame.reached == stage::header && frames.describe().length) {
        return check_of_header(frames, frame);
    }
    return frame.announced != unknown_length ? check_of_length(frame)
                                             : check_of_boundary(frames, frame);
}

// The bytes of the chunk between two offsets of the stream.
bytes part_of(bytes chunk, std::uint64_t offset, std::uint64_t begin, std::uint64_t end) {
    const auto first = std::max(begin, offset);
    const auto last = std::min(end, offset + chunk.size());
    if (first >= last) return {};
    return chunk.substr(static_cast<std::size_t>(first - offset),
                        static_cast<std::size_t>(last - first));
}

std::string header_words(const framing& frames, const frame_anatomy& frame) {
    auto words = explain_header(frames, frame);
    if (frame.announced != unknown_length) return words;
    const bool is_whole =
        !frames.announces_length() || header_size_of(frames) == frame.header_bytes;
    return is_whole && frame.reached != stage::failed
               ? words
               : fmt::format("{}, {}", words, header_progress(frames, frame));
}

// The bytes that are now known to be payload, including bytes held back before this chunk.
std::string payload_words(const framing& frames, const frame_anatomy& frame, bytes part,
                          std::uint64_t offset) {
    const auto trailer_at = std::min(frame.trailer_offset(), offset);
    const auto before = offset - frame.held.size();
    auto known = frame.held.substr(0, trailer_at > before ? trailer_at - before : 0);
    const auto held = known.size();
    known += part;
    if (known.empty()) return {};
    auto words = fmt::format("{}, {}", quote_beginning(known, payload_columns_max),
                             bytes_amount(known.size()));
    if (held > 0) {
        words += held == known.size() ? std::string(", held back before")
                                      : fmt::format(", {} of them held back before", held);
    }
    if (frame.announced == unknown_length) {
        if (frame.payload_bytes > known.size()) words += fmt::format(": {} so far", frame.counted);
        return words;
    }
    words += fmt::format(": {} of {}", frame.counted, amount(frames, frame.announced));
    if (frame.uncounted_bytes > 0 && frame.reached != stage::failed) {
        words += fmt::format(", and {} of the next", bytes_amount(frame.uncounted_bytes));
    }
    return words;
}

}  // namespace

std::string quote_beginning(bytes input, std::size_t columns_max) {
    std::string shown;
    std::size_t columns = 0;
    for (bytes rest = input; !rest.empty();) {
        const auto one = character_at(rest);
        const auto size = std::max<std::size_t>(one.text.size(), 1);
        std::string text;
        append_escaped(rest.substr(0, size), '"', text);
        columns += text == one.text ? one.columns : text.size();
        if (columns > columns_max) return fmt::format("\"{}\"...", shown);
        shown += text;
        rest.remove_prefix(size);
    }
    return fmt::format("\"{}\"", shown);
}

std::string explain_header(const framing& all, const frame_anatomy& frame) {
    const auto& frames = framing_of(all, frame);
    if (frame.announced == unknown_length)
        return show_header(frames, frame.header, header_columns_max);
    return fmt::format("{} = {}", read_header(frames, frame.header),
                       amount(frames, frame.announced));
}

std::string describe_state(const framing& all, const dissector& receiver) {
    if (receiver.failure() != nullptr) return "the stream cannot be read further";
    const auto& open = receiver.open();
    if (!open || open->is_between) return "a new message";
    const auto& frames = framing_of(all, *open);
    if (open->reached == stage::header) {
        return fmt::format("in a header, {}: {}", header_progress(frames, *open),
                           show_header(frames, open->header, payload_columns_max));
    }
    const bool is_announced = open->announced != unknown_length;
    const auto size = is_announced ? amount(frames, open->announced) : std::string("unknown size");
    const auto counted =
        is_announced ? fmt::format("{}", open->counted) : bytes_amount(open->counted);
    if (open->is_discarded) return fmt::format("in a message of {}, {} discarded", size, counted);
    auto words = fmt::format("in a message of {}, {} assembled: {}", size, counted,
                             quote_beginning(open->payload, state_columns_max));
    if (!is_announced && open->trailer_bytes > 0) {
        words += fmt::format(", {} held back: {}", open->trailer_bytes, quote(open->trailer));
    }
    return words;
}

std::vector<finding> explain_frame(const framing& all, const frame_anatomy& frame, bytes chunk,
                                   std::uint64_t offset, const wire_error* failure) {
    const auto& frames = framing_of(all, frame);
    std::vector<finding> findings;
    const auto part = [&](std::uint64_t begin, std::uint64_t end) {
        return part_of(chunk, offset, begin, end);
    };
    if (!part(frame.offset, frame.payload_offset()).empty()) {
        findings.push_back({"header", header_words(frames, frame)});
    }
    auto payload =
        payload_words(frames, frame, part(frame.payload_offset(), frame.trailer_offset()), offset);
    if (!payload.empty()) findings.push_back({"payload", std::move(payload)});
    const auto trailer = part(frame.trailer_offset(), frame.end());
    if (!trailer.empty() && frames.announces_length())
        findings.push_back({"trailer", quote(trailer)});
    if (!frames.announces_length() && frame.over() && frame.trailer_bytes > 0) {
        findings.push_back({"trailer", quote(frame.trailer)});
    }
    findings.push_back({"check", check_of(frames, frame, failure)});
    return findings;
}

}  // namespace framewire
