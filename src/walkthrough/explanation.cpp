#include "explanation.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>

namespace framewire {
namespace {

using stage = frame_anatomy::stage;

constexpr std::size_t quoted_bytes_max = 40;

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

// How each kind of header is read by a person, up to the `=` in front of the length.
struct header_reading {
    bytes header;

    std::string operator()(const auto& /*in text*/) const {
        return quote(header, quoted_bytes_max);
    }
    std::string operator()(const binary_length& codec) const {
        const auto& layout = codec.layout;
        const auto field = header.substr(std::min<std::size_t>(layout.offset, header.size()));
        std::uint64_t value = 0;
        for (std::size_t at = 0; at < field.size(); ++at) {
            const auto from = layout.little_endian ? field.size() - 1 - at : at;
            value = value << 8 | static_cast<std::uint8_t>(field[from]);
        }
        std::string text;
        if (layout.offset > 0)
            text = fmt::format("behind {}: ", hex(header.substr(0, layout.offset)));
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
            if (at > 0) text += fmt::format(" x {}", std::uint64_t{1} << (7 * at));
        }
        return text;
    }
};

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

// What ends a payload that announces no length.
std::string boundary_of(const framing& frames) {
    std::string frame;
    static_cast<void>(frames.end({}, frame));
    return frame;
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
    if (frames.is_raw()) return "what one read returns is a message, complete";
    const auto end = boundary_of(frames);
    switch (frame.stands) {
        case stage::complete: return fmt::format("{} found, complete", quote(end));
        case stage::skipped:
            return fmt::format("{} found: the message was larger than allowed, and is discarded",
                               quote(end));
        default: break;
    }
    if (frame.is_discarded)
        return fmt::format("no {} yet, continue: all of it is discarded", quote(end));
    if (frame.trailer_bytes > 0) {
        return fmt::format("the last {} may be the beginning of the end, {}: continue",
                           bytes_amount(frame.trailer_bytes), quote(end));
    }
    return fmt::format("no {} yet, continue", quote(end));
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
    if (frame.announced != unknown_length) return explain_header(frames, frame);
    const auto seen = quote(frame.header, quoted_bytes_max);
    const bool is_lead = !frames.announces_length() && frame.stands != stage::failed;
    return is_lead ? seen : fmt::format("{}, {}", seen, header_progress(frames, frame));
}

std::string payload_words(const framing& frames, const frame_anatomy& frame, bytes part) {
    auto words = fmt::format("{}, {}", quote(part, quoted_bytes_max), bytes_amount(part.size()));
    if (frame.payload_bytes == part.size() && frame.announced == unknown_length) return words;
    words += frame.announced == unknown_length
                 ? fmt::format(": {} so far", frame.counted)
                 : fmt::format(": {} of {}", frame.counted, amount(frames, frame.announced));
    return words;
}

}  // namespace

std::string explain_header(const framing& frames, const frame_anatomy& frame) {
    return fmt::format("{} = {}", std::visit(header_reading{frame.header}, frames.codec()),
                       amount(frames, frame.announced));
}

std::string describe_state(const framing& frames, const dissector& receiver) {
    if (receiver.failure() != nullptr) return "the stream cannot be read on";
    const auto& open = receiver.open();
    if (!open) return "a new message";
    if (open->stands == stage::header) {
        return fmt::format("in a header, {}: {}", header_progress(frames, *open),
                           quote(open->header, quoted_bytes_max));
    }
    const auto size = open->announced == unknown_length ? std::string("unknown size")
                                                        : amount(frames, open->announced);
    if (open->is_discarded) {
        return fmt::format("in a message of {}, {} discarded", size, open->counted);
    }
    return fmt::format("in a message of {}, {} assembled: {}", size, open->counted,
                       quote(open->payload, quoted_bytes_max));
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
    const auto payload = part(frame.payload_offset(), frame.trailer_offset());
    if (!payload.empty()) said.push_back({"payload", payload_words(frames, frame, payload)});
    const auto trailer = part(frame.trailer_offset(), frame.end());
    if (!trailer.empty() && (frame.over() || frames.announces_length())) {
        said.push_back({"trailer", quote(trailer)});
    }
    said.push_back({"check", check_of(frames, frame, failure)});
    return said;
}

}  // namespace framewire
