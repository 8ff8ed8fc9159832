// Cases of a client: what it makes of replies, and of their absence.

#include "spoiled.hpp"
#include "steps.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <string>

namespace framewire {
namespace {

using namespace std::chrono_literals;

// Each is a connection of its own, and perhaps a program that has to be started.
constexpr std::size_t reply_cuts_max = 40;

// To one that is served later than it is used to; and so that one that does not wait is seen.
constexpr auto late = 200ms;

std::string reply_of(const check_subject& subject) {
    return subject.frame_of(subject.payloads.front());
}

void make_whole_reply(const check_subject& /*subject*/, check_case& into) {
    into.scripts.push_back({{}, {serve(), expect_usual()}});
}

void make_split_reply(const check_subject& subject, check_case& into) {
    for (const auto at : positions_in(reply_of(subject).size(), reply_cuts_max)) {
        into.scripts.push_back(
            {fmt::format("replies are cut before byte {}", at), {serve({at}), expect_usual()}});
    }
}

void make_bytewise_reply(const check_subject& subject, check_case& into) {
    const auto size = reply_of(subject).size();
    into.scripts.push_back(
        {"replies come byte by byte", {serve(positions_in(size, size), 1ms), expect_usual()}});
}

void make_coalesced_reply(const check_subject& subject, check_case& into) {
    if (!subject.sends_ahead) {
        into.skipped = "the client waits for each reply before its next message";
        return;
    }
    into.scripts.push_back({"two replies come at once", {serve_pairs(), expect_usual()}});
}

void make_slow_reply(const check_subject& subject, check_case& into) {
    into.scripts.push_back(
        {"replies come in up to 9 pieces, 30ms apart",
         {serve(positions_in(reply_of(subject).size(), 8), 30ms), expect_usual()}});
    into.scripts.push_back(
        {"the first reply comes late", {receive(), pass(late), reply(), serve(), expect_usual()}});
}

void make_end_with_reply(const check_subject& /*subject*/, check_case& into) {
    into.scripts.push_back(
        {"our stream ends with the last reply", {serve_and_end(), expect_usual()}});
}

void make_truncated_reply(const check_subject& subject, check_case& into) {
    const auto frame = reply_of(subject);
    if (subject.frames.is_raw()) return;
    for (const auto at : positions_in(frame.size(), reply_cuts_max)) {
        const auto found = read_stream(subject.frames, bytes(frame).substr(0, at));
        if (!found.is_incomplete || !found.payloads.empty()) continue;
        into.scripts.push_back({fmt::format("the end after {} of {} bytes", at, frame.size()),
                                {receive(), reply(at), end_stream(), expect_end_of_client(true)}});
    }
}

void make_missing_reply(const check_subject& /*subject*/, check_case& into) {
    into.scripts.push_back({"the end of our stream instead of a reply",
                            {receive(), end_stream(), expect_end_of_client(true)}});
}

void make_reset_reply(const check_subject& subject, check_case& into) {
    into.scripts.push_back(
        {"a reset instead of a reply", {receive(), reset(), expect_end_of_client(true)}});
    const auto half = reply_of(subject).size() / 2;
    if (half == 0 || subject.frames.is_raw()) return;
    into.scripts.push_back(
        {"half of a reply, and a reset",
         {receive(), reply(half), pass(piece_pause), reset(), expect_end_of_client(true)}});
}

// What other servers say when they are sent something that they do not understand.
void make_protocol_reply(const check_subject& subject, check_case& into) {
    if (subject.frames.is_raw()) return;
    add_spoiled(subject,
                {{"an HTTP response",
                  "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n"
                  "\r\n<html><h1>Bad Request</h1></html>"},
                 {"a TLS alert", std::string("\x15\x03\x03\x00\x02\x02\x46", 7)},
                 {"an SSH banner", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"},
                 {"a thousand bytes 0xFF", std::string(1000, '\xff')}},
                into);
}

// Before anything was asked. The reply itself comes late, so that it is seen what was taken for
// it.
void make_unasked_reply(const check_subject& subject, check_case& into) {
    if (subject.frames.is_raw()) return;
    std::string other = "unasked";
    if (!subject.carries(other)) {
        other = subject.payloads.front();
        std::ranges::reverse(other);
        if (!subject.carries(other) || other == subject.payloads.front()) return;
    }
    into.scripts.push_back(
        {"a message that nobody has asked for, and 200ms after the client's message the reply",
         {send(subject.frame_of(other)), receive_or_end(), pass(late), reply(), serve(),
          expect_usual()}});
}

void make_silent_reply(const check_subject& /*subject*/, check_case& into) {
    into.scripts.push_back({"no reply", {receive(), expect_end_of_client(true)}});
}

constexpr std::string_view read_all =
    "recv(n) returns what has arrived, which may be less than n: call it again, in a loop, until "
    "the header of the reply is complete, and then until its payload is.";
constexpr std::string_view report_it =
    "If recv() returns nothing, or fails, before the reply is complete, there is no reply: say "
    "so, "
    "close the connection, and let the program end with a status other than 0. A connection can "
    "be made again.";

constexpr auto reply_rows = std::to_array<check_row>({
    {701, "reply.whole", check_level::must,
     "A client sends messages in its framing, and takes replies in one piece.", "this page",
     "Check that framing and service are those of the client's server.", make_whole_reply,
     checked_end::client},
    {702, "reply.split", check_level::must, "A reply may arrive in any two pieces.",
     "RFC 9293, 3.8; docs/faults.md, 18", read_all, make_split_reply, checked_end::client},
    {703, "reply.bytewise", check_level::must, "A reply may arrive byte by byte.",
     "RFC 9293, 3.8; docs/faults.md, 18", read_all, make_bytewise_reply, checked_end::client},
    {704, "reply.coalesced", check_level::must, "Two replies may arrive at once.",
     "RFC 9293, 3.8; docs/faults.md, 18",
     "What recv() returns may contain more than one reply: keep the bytes after the first one, "
     "and read the next reply from them before you call recv() again.",
     make_coalesced_reply, checked_end::client},
    {705, "reply.slow", check_level::must, "A reply may arrive slowly, and late.",
     "docs/faults.md, 49 and 50",
     "Do not take a pause for the end of a reply: its header says where that is. Deadlines "
     "should be seconds.",
     make_slow_reply, checked_end::client},
    {706, "reply.half-close", check_level::must,
     "The server may end its stream with its last reply.", "RFC 9293, 3.6; docs/faults.md, 40",
     "Read the reply to its end before you look whether the connection has ended.",
     make_end_with_reply, checked_end::client},
    {711, "reply.truncated", check_level::must, "A reply whose end is missing is no reply.",
     "docs/faults.md, 21", report_it, make_truncated_reply, checked_end::client},
    {712, "reply.missing", check_level::must, "The end of the stream is no reply.",
     "docs/faults.md, 22", report_it, make_missing_reply, checked_end::client},
    {713, "reply.reset", check_level::must, "A reset is no reply.", "docs/faults.md, 41",
     report_it, make_reset_reply, checked_end::client},
    {714, "reply.protocol", check_level::must, "Bytes of another protocol are no reply.",
     "docs/faults.md, 24",
     "Check every byte that the framing prescribes, and close the connection where one differs: "
     "what follows cannot be read.",
     make_protocol_reply, checked_end::client},
    {721, "reply.unasked", check_level::should,
     "A message that came before the client has sent its own is not the reply.", "this page",
     "If something can be read before you send a message, it is no reply to it: close the "
     "connection, or number your messages.",
     make_unasked_reply, checked_end::client},
    {722, "reply.silent", check_level::should, "A client does not wait for a reply forever.",
     "docs/faults.md, 49",
     "Set a timeout for each reply, of some seconds: settimeout(), "
     "SO_RCVTIMEO or poll(). Close the connection when it expires.",
     make_silent_reply, checked_end::client},
});

}  // namespace

std::span<const check_row> rows_of_replies() noexcept { return reply_rows; }

}  // namespace framewire
