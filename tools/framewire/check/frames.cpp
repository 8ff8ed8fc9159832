// Cases of bytes that are no frames, and of other protocols.

#include "spoiled.hpp"
#include "steps.hpp"

#include <array>
#include <string>

namespace framewire {
namespace {

void make_wrong_start(const check_subject& subject, check_case& into) {
    const auto layout = subject.frames.describe();
    const bool has_start =
        !layout.start.empty() || (layout.length && !layout.length->magic.empty());
    if (!has_start) return;
    const auto frame = subject.frame_of(subject.payloads.front());
    auto changed = frame;
    changed.front() = static_cast<char>(changed.front() ^ '\x01');
    add_spoiled(
        subject,
        {{"another first byte", changed}, {"a frame without its first byte", frame.substr(1)}},
        into);
}

void make_wrong_end(const check_subject& subject, check_case& into) {
    const auto layout = subject.frames.describe();
    const bool has_end = layout.length ? !layout.length->trailer.empty() : layout.trailer_size > 0;
    const bool is_between = !layout.start.empty() && layout.end.has_value();
    if (!has_end && !is_between) return;
    const auto frame = subject.frame_of(subject.payloads.front());
    auto changed = frame;
    changed.back() = static_cast<char>(changed.back() ^ '\x01');
    add_spoiled(subject,
                {{"another last byte", changed},
                 {"a byte too many before the end",
                  frame.substr(0, frame.size() - 1) + "!" + frame.substr(frame.size() - 1)}},
                into);
}

// Of payloads that have an end and a limit.
void make_no_delimiter(const check_subject& subject, check_case& into) {
    const auto layout = subject.frames.describe();
    const auto max = subject.frames.payload_bytes_max();
    if (layout.length || !layout.end || !max || *max > 1'000'000) return;
    add_spoiled(subject,
                {{"no end within the largest size",
                  layout.start + std::string(static_cast<std::size_t>(*max) + 64, 'x')}},
                into);
}

void add_protocol(const check_subject& subject, std::string first, check_case& into) {
    if (subject.frames.is_raw()) return;
    const auto found = read_stream(subject.frames, first);
    // A framing in which these bytes are messages cannot tell them from others.
    if (!found.error && !found.is_incomplete) return;
    into.scripts.push_back(script_of(subject, {}, std::move(first)));
}

void make_http(const check_subject& subject, check_case& into) {
    add_protocol(subject,
                 "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: check\r\nAccept: */*\r\n\r\n",
                 into);
}

// The beginning of what a browser sends to a port that it takes for one of HTTPS.
void make_tls(const check_subject& subject, check_case& into) {
    std::string hello("\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03", 11);
    for (int i = 0; hello.size() < 205; ++i) hello += static_cast<char>(i * 37 + 11);
    add_protocol(subject, std::move(hello), into);
}

void make_nothing_but(const check_subject& subject, check_case& into) {
    if (subject.frames.is_raw()) return;
    add_spoiled(
        subject,
        {{"a thousand bytes 0xFF", std::string(1000, '\xff')},
         {"text without a header", "Hello, is anybody there? This is a line of text.\r\n"}},
        into);
}

constexpr std::string_view check_all =
    "Check every byte that the framing prescribes, and close the connection where one differs: "
    "what follows cannot be read.";
constexpr std::string_view other_protocol =
    "Anyone can connect to a port. Close the connection at the first byte that cannot be a "
    "header, "
    "and serve the others.";

constexpr auto frame_rows = std::to_array<check_row>({
    {321, "frame.start", check_level::must, "A frame begins with the bytes that it should.",
     "docs/faults.md, 23", check_all, make_wrong_start, checked_end::both},
    {322, "frame.end", check_level::must, "A frame ends with the bytes that it should.",
     "docs/faults.md, 28", check_all, make_wrong_end, checked_end::both},
    {323, "frame.no-end", check_level::must,
     "A message without end is refused at the largest size.", "docs/faults.md, 29",
     "Count the bytes while you search for the end, and close the connection if there are too "
     "many.",
     make_no_delimiter, checked_end::both},
});
constexpr auto protocol_rows = std::to_array<check_row>({
    {601, "protocol.http", check_level::must,
     "An HTTP request is no message, and harms no other client.", "docs/faults.md, 24",
     other_protocol, make_http},
    {602, "protocol.tls", check_level::must,
     "A TLS ClientHello is no message, and harms no other client.", "docs/faults.md, 24",
     other_protocol, make_tls},
    {603, "protocol.noise", check_level::must,
     "Bytes of no protocol are no message, and harm no other client.", "docs/faults.md, 24",
     other_protocol, make_nothing_but},
});

}  // namespace

std::span<const check_row> rows_of_frames() noexcept { return frame_rows; }
std::span<const check_row> rows_of_protocols() noexcept { return protocol_rows; }

}  // namespace framewire
