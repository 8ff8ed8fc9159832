// Cases of what messages contain, and of their sizes.

#include "framewire/core/units.hpp"
#include "spoiled.hpp"
#include "steps.hpp"

#include <fmt/format.h>
#include <array>
#include <optional>

namespace framewire {
namespace {

// More than one read of most programs, and less than any socket buffers without a reader.
constexpr std::size_t large_bytes = 200'000;
// More is not sent: it would only take time.
constexpr std::uint64_t sent_bytes_max = 16 * MiB;

// Bytes that show where some are missing.
std::string text_of_size(std::size_t size) {
    std::string text;
    text.reserve(size + 8);
    for (std::size_t i = 0; text.size() < size; ++i) text += fmt::format("{:06}.", i);
    text.resize(size);
    return text;
}

void add_message(const check_subject& subject, const std::string& payload, check_case& into) {
    if (!subject.makes_messages) {
        into.skipped = "only the messages that were given are sent";
        return;
    }
    if (!subject.carries(payload)) return;
    check_script script{{}, {send(subject.frame_of(payload)), expect({payload})}};
    if (!subject.has_one_exchange) {  // what follows is not lost
        const auto& next = subject.payloads.front();
        script.steps.push_back(send(subject.frame_of(next)));
        script.steps.push_back(expect({next}));
    }
    into.scripts.push_back(std::move(script));
}

// The same framing with one option changed; nothing if it has no such option.
std::optional<framing> without(const framing& frames, std::string_view option,
                               std::string_view instead) {
    auto spec = frames.spec();
    const auto at = spec.find(option);
    if (at == std::string::npos) return std::nullopt;
    const auto end = std::min(spec.find(',', at + 1), spec.size());
    spec.replace(at, end - at, instead);
    auto other = framing::parse(spec);
    if (!other) return std::nullopt;
    return *std::move(other);
}

void make_empty_message(const check_subject& subject, check_case& into) {
    add_message(subject, "", into);
}

void make_large(const check_subject& subject, check_case& into) {
    for (const std::size_t size : {large_bytes, std::size_t{65'000}, std::size_t{9'999},
                                   std::size_t{999}, std::size_t{255}, std::size_t{99}}) {
        const auto text = text_of_size(size);
        if (subject.carries(text)) return add_message(subject, text, into);
    }
}

// By the option `max`, or by what the header can express.
void make_largest(const check_subject& subject, check_case& into) {
    const auto max = subject.frames.payload_bytes_max();
    if (max && *max > sent_bytes_max) {
        into.skipped = fmt::format("the largest message has {}", format_size(*max));
        return;
    }
    if (max) return add_message(subject, text_of_size(static_cast<std::size_t>(*max)), into);
    for (const std::size_t size : {9U, 99U, 999U, 9'999U, 99'999U, 255U, 65'535U}) {
        if (subject.carries(text_of_size(size + 1)) || !subject.carries(text_of_size(size))) {
            continue;
        }
        return add_message(subject, text_of_size(size), into);
    }
}

void make_too_large(const check_subject& subject, check_case& into) {
    const auto max = subject.frames.payload_bytes_max();
    if (!max) {
        if (subject.frames.describe().length &&
            subject.frames.describe().length->written != notation::none) {
            into.skipped = "the framing has no option max, such as max=64KiB";
        }
        return;
    }
    if (*max > sent_bytes_max) return make_largest(subject, into);
    const auto wider = without(subject.frames, ",max=", "");
    const auto text = text_of_size(static_cast<std::size_t>(*max) + 1);
    std::string stream;
    if (!wider || !wider->encode(text, stream)) return;
    stream += subject.frame_of(subject.payloads.front());
    into.scripts.push_back(
        script_of(subject, fmt::format("a message of {} bytes", text.size()), std::move(stream)));
}

void make_binary_message(const check_subject& subject, check_case& into) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    add_message(subject, all, into);
}

void make_multibyte(const check_subject& subject, check_case& into) {
    add_message(subject, "h\xc3\xa9llo w\xc3\xb6rld \xf0\x9f\x8e\x89", into);
}

void make_not_utf8(const check_subject& subject, check_case& into) {
    const std::string payload = "caf\xe9 \xff\xfe";
    add_message(subject, payload, into);
    if (!into.scripts.empty() || !into.skipped.empty()) return;
    const auto of_bytes = without(subject.frames, ",count=chars", "");
    std::string frame;
    if (!of_bytes || !of_bytes->encode(payload, frame)) return;
    add_spoiled(subject, {{"Latin-1 text, which is not UTF-8", frame}}, into);
}

void make_frames_inside(const check_subject& subject, check_case& into) {
    if (subject.frames.is_raw()) return;
    add_message(subject, subject.stream_of({subject.numbered(0), subject.numbered(1)}), into);
}

void make_line_ends(const check_subject& subject, check_case& into) {
    add_message(subject, std::string("a\r\nb\n\nc\0d\r\n", 11), into);
}

constexpr std::string_view counted_bytes =
    "Take exactly as many bytes as the header says, whatever they are: keep them as bytes, and "
    "neither decode nor strip nor search them for an end.";

constexpr auto payload_rows = std::to_array<check_row>({
    {201, "payload.empty", check_level::must, "A message may be empty, and gets its reply.",
     "docs/faults.md, 14",
     "A payload of no bytes is a message: do not call recv(0) for it, and do not take it for the "
     "end of the connection.",
     make_empty_message},
    {202, "payload.large", check_level::must,
     "A message may be larger than what one read returns.", "RFC 9293, 3.8",
     "recv(n) returns at most what has arrived: call it in a loop until the payload is complete. "
     "And send() may take less than you give it: sendall(), or a loop.",
     make_large},
    {203, "payload.largest", check_level::must, "A message may have the largest size.",
     "docs/faults.md, 15", "Compare with <=, not with <.", make_largest},
    {204, "payload.too-large", check_level::must, "A message of one byte more is refused.",
     "docs/faults.md, 16",
     "Compare the length with the largest that you accept as soon as you have the header, before "
     "you allocate or read anything.",
     make_too_large, checked_end::both},
    {205, "payload.binary", check_level::must, "A message may contain any byte.", "this page",
     counted_bytes, make_binary_message},
    {206, "payload.multibyte", check_level::must,
     "A message may contain characters of several bytes.", "RFC 3629",
     "Know what the header counts: len() of a text counts characters, len() of its bytes counts "
     "bytes. Decode a payload only when you have all of it.",
     make_multibyte},
    {207, "payload.not-utf8", check_level::must, "Bytes that are not UTF-8 do no harm.",
     "docs/faults.md, 32",
     "Keep payloads as bytes, or catch what decoding them throws, for this client only.",
     make_not_utf8},
    {208, "payload.frames", check_level::must, "A message may look like other messages.",
     "docs/faults.md, 13", counted_bytes, make_frames_inside},
    {209, "payload.lines", check_level::must, "A message may contain line ends and zero bytes.",
     "docs/faults.md, 12", counted_bytes, make_line_ends},
});

}  // namespace

std::span<const check_row> rows_of_payloads() noexcept { return payload_rows; }

}  // namespace framewire
