#include "explanation.hpp"

#include "framewire/core/quote.hpp"
#include "glyphs.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <utility>

namespace framewire {
namespace {

using stage = frame_anatomy::stage;

// What is quoted must leave room in a line for what is said of it.
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

bool is_binary(const framing& frames) {
    return std::holds_alternative<binary_length>(frames.codec()) ||
           std::holds_alternative<varint>(frames.codec());
}

// As many pairs of digits as there is room for.
std::string some_hex(bytes part) {
    return hex(part.substr(0, hex_bytes_max)) + (part.size() > hex_bytes_max ? " ..." : "");
}

// A header before it is known what it says.
std::string show_header(const framing& frames, bytes header, std::size_t columns_max) {
    return is_binary(frames) ? some_hex(header) : quote_beginning(header, columns_max);
}

// How each kind of header is read by a person, up to the `=` in front of the length.
struct header_reading {
    bytes header;

    std::string operator()(const auto& /*in text*/) const { return quote_beginning(header); }
    std::string operator()(const content_length& /*codec*/) const;
    std::string operator()(const binary_length& codec) const {
        const auto& layout = codec.layout;
        const auto field = header.substr(std::min<std::size_t>(layout.offset, header.size()));
        std::uint64_t value = 0;
        for (std::size_t at = 0; at < field.size(); ++at) {
            const auto from = layout.little_endian ? field.size() - 1 - at : at;
            value = value << 8 | static_cast<std::uint8_t>(field[from]);
        }
        std::string text;
        if (layout.offset > 0) {
            text = fmt::format("behind {}: ", some_hex(header.substr(0, layout.offset)));
        }
        text += hex(field);
        if (layout.little_endian) text += " (lowest byte first)";
        if (layout.adjust != 0) {
            fmt::format_to(std::back_inserter(text), " = {}, + adjust {}", value, layout.adjust);
        }
        return text;
    }
    std::string operator()(const varint& /*codec*/) const {
        auto text = hex(header);
        if (header.size() < 2) return text;
        for (std::size_t at = 0; at < header.size(); ++at) {
            const auto digit = static_cast<std::uint64_t>(header[at] & 0x7F);
            text += at == 0 ? " = " : " + ";
            text += fmt::format("{}", digit);
            if (at > 0) text += " x 128";
            if (at > 1) text += fmt::format("^{}", at);
        }
        return text;
    }
};

// The field that says it may stand behind others.
std::string header_reading::operator()(const content_length& /*codec*/) const {
    constexpr std::string_view name = "content-length:";
    const auto is_same = [](char one, char other) { return (one | 0x20) == (other | 0x20); };
    const auto found = std::ranges::search(header, name, is_same);
    if (header.size() <= header_columns_max || found.empty()) return quote_beginning(header);
    const auto field = header.substr(static_cast<std::size_t>(found.begin() - header.begin()));
    return fmt::format("{}, with {}", quote_beginning(header),
                       quote(field.substr(0, field.find('\r'))));
}

// How long every header is, where all are.
struct header_size {
    std::optional<std::uint64_t> operator()(const auto& /*varies*/) const { return std::nullopt; }
    std::optional<std::uint64_t> operator()(const digits& codec) const { return codec.width; }
    std::optional<std::uint64_t> operator()(const binary_length& codec) const {
        return codec.layout.offset + codec.layout.width;
    }
};

std::optional<std::uint64_t> header_size_of(const framing& frames) {
    return std::visit(header_size{}, frames.codec());
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
    switch (frame.stands) {
        case stage::complete: return counts + ", complete";
        case stage::skipped: return counts + ", complete: discarded, it is larger than allowed";
        case stage::trailer: return counts + ", but what ends the frame is missing, continue";
        default:
            return counts +
                   (frame.is_discarded ? ", continue: all of it is discarded" : ", continue");
    }
}

std::string check_of_boundary(const framing& frames, const frame_anatomy& frame) {
    const auto end = boundary_of(frames);
    if (!end) return "what one read returns is a message, complete";
    const auto name = quote(end->name());
    if (frame.stands == stage::complete) return name + " found, complete";
    if (frame.stands == stage::skipped) {
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
    if (frame.stands == stage::failed) {
        return failure == nullptr
                   ? std::string("wrong")
                   : fmt::format("wrong at {}: {}", failure->offset, error_name(failure->code));
    }
    if (frame.stands == stage::header) return check_of_header(frames, frame);
    return frames.announces_length() ? check_of_length(frame) : check_of_boundary(frames, frame);
}

// The bytes of the chunk that lie between two places of the stream.
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
    const bool is_lead = !frames.announces_length() && frame.stands != stage::failed;
    return is_lead ? words : fmt::format("{}, {}", words, header_progress(frames, frame));
}

// What has become known as payload: also bytes that were held back before this chunk.
std::string payload_words(const framing& frames, const frame_anatomy& frame, bytes part,
                          std::uint64_t offset) {
    std::string known;
    if (const auto end = boundary_of(frames)) {
        const auto behind = std::min(frame.trailer_offset(), offset);
        const auto before = offset - frame.held_bytes;
        if (behind > before) known = end->mark().substr(0, behind - before);
    }
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
    if (frame.uncounted_bytes > 0 && frame.stands != stage::failed) {
        words += fmt::format(", and {} of the next", bytes_amount(frame.uncounted_bytes));
    }
    return words;
}

}  // namespace

std::string quote_beginning(bytes part, std::size_t columns_max) {
    std::string shown;
    std::size_t columns = 0;
    for (bytes rest = part; !rest.empty();) {
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

std::string explain_header(const framing& frames, const frame_anatomy& frame) {
    if (frame.announced == unknown_length)
        return show_header(frames, frame.header, header_columns_max);
    return fmt::format("{} = {}", std::visit(header_reading{frame.header}, frames.codec()),
                       amount(frames, frame.announced));
}

std::string describe_state(const framing& frames, const dissector& receiver) {
    if (receiver.failure() != nullptr) return "the stream cannot be read on";
    const auto& open = receiver.open();
    if (!open) return "a new message";
    if (open->stands == stage::header) {
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

std::vector<finding> explain_frame(const framing& frames, const frame_anatomy& frame, bytes chunk,
                                   std::uint64_t offset, const wire_error* failure) {
    std::vector<finding> said;
    const auto part = [&](std::uint64_t begin, std::uint64_t end) {
        return part_of(chunk, offset, begin, end);
    };
    if (!part(frame.offset, frame.payload_offset()).empty()) {
        said.push_back({"header", header_words(frames, frame)});
    }
    auto payload =
        payload_words(frames, frame, part(frame.payload_offset(), frame.trailer_offset()), offset);
    if (!payload.empty()) said.push_back({"payload", std::move(payload)});
    const auto trailer = part(frame.trailer_offset(), frame.end());
    if (!trailer.empty() && frames.announces_length()) said.push_back({"trailer", quote(trailer)});
    if (!frames.announces_length() && frame.over() && frame.trailer_bytes > 0) {
        said.push_back({"trailer", quote(frame.trailer)});
    }
    said.push_back({"check", check_of(frames, frame, failure)});
    return said;
}

}  // namespace framewire
