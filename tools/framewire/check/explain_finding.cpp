#include "explain_finding.hpp"

#include "framewire/core/units.hpp"
#include "framewire/transcript/transcript.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

using kind = arrival::kind;

// More than this rarely arrives at once.
constexpr std::size_t segment_bytes = 1'400;

// The sentences for people who have written a server from a tutorial.

constexpr std::string_view took_a_piece =
    "Your server took the first piece for a whole message. recv(n) returns what has arrived, "
    "which may be less than n: call it again, in a loop, until the header is complete, and then "
    "until the payload is.";
constexpr std::string_view read_once =
    "Your server took what one recv() returned for the whole message. recv(n) returns what has "
    "arrived, which may be less than n: call it again, in a loop, until the payload is complete.";
constexpr std::string_view gave_up =
    "Your server gave up when recv(n) returned less than n. That is no error: call it again until "
    "you have all of it.";
constexpr std::string_view glued =
    "Your server took two messages for one. What recv() returns may contain the end of one "
    "message "
    "and the beginning of the next: cut it where the header says.";
constexpr std::string_view lost_the_rest =
    "Your server took the first message out of what recv() returned, and dropped the bytes after "
    "it: keep them, they are the next messages.";
constexpr std::string_view out_of_order =
    "Your server replied out of order. A client that sends several messages can only tell the "
    "replies apart by their order: let each reply wait for those before it.";
constexpr std::string_view off_by_some =
    "Your server read too many or too few bytes of the payload: check what the header counts "
    "(bytes or characters, with or without the header itself).";
constexpr std::string_view no_frame =
    "The reply is not in this framing: write a header before each reply, as clients do.";
constexpr std::string_view with_header =
    "Your server sent the header as part of the payload: reply to what follows the header.";

// As much as fits two lines, of which one may be that of a long payload.
constexpr std::size_t shown_bytes_max = 48;
// A run of the same byte, such as padding, is counted.
constexpr std::size_t run_bytes_min = 12;

std::size_t run_at(bytes data, std::size_t at) {
    return std::min(data.find_first_not_of(data[at], at), data.size()) - at;
}

bool is_reply_to_a_later_one(const difference& what, bytes payload) {
    const auto later = what.messages.begin() + static_cast<std::ptrdiff_t>(what.number) + 1;
    return std::any_of(later, what.messages.end(), [&](const std::string& other) {
        return what.subject.reply_to(other) == payload;
    });
}

std::string_view about_payload(const difference& what, bytes due, bytes got) {
    if (is_reply_to_a_later_one(what, got)) return out_of_order;
    const auto frame = what.subject.frame_of(what.messages[what.number]);
    if (got.size() > due.size() && frame.starts_with(got.substr(0, frame.size()))) {
        return with_header;
    }
    if (got.size() > due.size() && got.starts_with(due)) {
        return what.messages.size() > what.number + 1 ? glued : off_by_some;
    }
    if (due.starts_with(got)) {
        if (what.pieces > 1) return took_a_piece;
        return due.size() > segment_bytes ? read_once : off_by_some;
    }
    return {};
}

std::string_view about_silence(const difference& what) {
    if (what.number > 0 && what.pieces == 1) return lost_the_rest;
    if (what.has_ended && what.pieces > 1) return gave_up;
    return {};
}

}  // namespace

std::string print_shortened(bytes data) {
    std::string text;
    std::size_t at = 0;
    std::size_t plain = 0;  // where what is not printed yet begins
    std::size_t shown = 0;
    const auto print_plain = [&] {
        if (plain == at) return;
        text += (text.empty() ? "" : " ") + print_bytes(data.substr(plain, at - plain));
        plain = at;
    };
    while (at < data.size() && shown < shown_bytes_max) {
        const auto size = run_at(data, at);
        if (size < run_bytes_min) {
            ++at;
            ++shown;
            continue;
        }
        print_plain();
        text += text.empty() ? "" : " ";
        text += data[at] == ' ' ? fmt::format("({} spaces)", size)
                                : fmt::format("({} times {})", size, print_bytes({&data[at], 1}));
        at += size;
        plain = at;
        ++shown;
    }
    print_plain();
    if (at < data.size()) text += fmt::format("... ({} bytes)", data.size());
    return text.empty() ? "\"\"" : text;
}

std::string describe_due(const difference& what) {
    const auto due = what.subject.reply_to(what.messages[what.number]);
    auto text = due ? fmt::format("the reply {}", print_shortened(*due)) : "a reply";
    if (what.messages.size() > 1) {
        text += fmt::format(" to message {} of {}", what.number + 1, what.messages.size());
    }
    return text;
}

std::string describe_seen(const difference& what, const std::optional<arrival>& next) {
    if (!next && what.has_ended) return "the end of the connection";
    if (!next && what.is_inside_reply) {
        return fmt::format("an incomplete reply, and nothing more within {}",
                           format_duration(what.timeout));
    }
    if (!next) return fmt::format("nothing within {}", format_duration(what.timeout));
    switch (next->what) {
        case kind::frame: return fmt::format("the reply {}", print_shortened(next->payload));
        case kind::skipped: return "a reply that is larger than the framing's max";
        case kind::finished: return "the end of the connection";
        case kind::failed:
            if (next->error.code == errc::io_reset) return "a reset of the connection";
            return next->error.message();
    }
    return {};
}

std::string advise(const check_row& row, const difference& what,
                   const std::optional<arrival>& next) {
    std::string_view words;
    const bool is_simple = row.name.starts_with("pieces.");
    if (next && next->what == kind::frame) {
        const auto due = what.subject.reply_to(what.messages[what.number]);
        if (due) words = about_payload(what, *due, next->payload);
    } else if (next && next->what == kind::failed && next->error.code != errc::io_reset &&
               next->error.code != errc::frame_truncated && what.number == 0) {
        words = no_frame;
    } else if (what.is_inside_reply) {
        words = off_by_some;
    } else {
        words = about_silence(what);
    }
    // Rows that are about something special know better.
    const bool is_general = words == off_by_some || words == gave_up || words == lost_the_rest;
    return std::string(words.empty() || (is_general && !is_simple) ? row.advice : words);
}

}  // namespace framewire
