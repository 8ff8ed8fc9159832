#include "transcript_log.hpp"

#include "python_text.hpp"
#include "terminal.hpp"
#include "timestamp.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace framewire {
namespace {

// Of one connection in a second: more than anyone reads, and a hundredth of what a loop can do.
constexpr unsigned printed_max = 10'000;
// Of all connections in a second. Other connections wait while one is explained.
constexpr unsigned explained_max = 500;

// As a comment of the transcript.
std::string words_of_tls(const peer& who) {
    if (!who.tls) return {};
    auto words = fmt::format("# {}, {}", who.tls->version, who.tls->cipher);
    if (!who.tls->protocol.empty()) words += ", " + console_text(who.tls->protocol);
    return words + (who.tls->resumed ? ", resumed\n" : "\n");
}

}  // namespace

void transcript_log::on(const peer& who, const occurrence& what) {
    const std::lock_guard lock(mutex_);
    std::visit(
        overloaded{[&](const occurred::opened&) { opened(who, framing_, {}); },
                   [&](const occurred::received_bytes& some) { received_bytes(who, some.data); },
                   [&](const occurred::received& frame) { received(who, frame); },
                   [&](const occurred::skipped& frame) { skipped(who, frame); },
                   [&](const occurred::peer_ended&) { peer_ended(who); },
                   [&](const occurred::sent_bytes& some) { sent_bytes(who, some.data); },
                   [&](const occurred::changed_framing& now) { changed(who, now.frames); },
                   [&](const occurred::closed& end) { closed(who, end.why); }, [](const auto&) {}},
        what);
}

void transcript_log::open(const peer& who, const framing& frames, std::string_view words) {
    const std::lock_guard lock(mutex_);
    opened(who, frames, words);
}

void transcript_log::opened(const peer& who, const framing& frames, std::string_view words) {
    auto& one = with(who);
    if (is_explained_) one.explanation.emplace(frames, terminal_obeys(STDERR_FILENO));
    const auto comment = words.empty() ? std::string() : fmt::format("# {}\n", words);
    write(who, comment + one.printer.begin(frames) + words_of_tls(who));
}

void transcript_log::changed(const peer& who, const framing& frames) {
    auto& one = with(who);
    if (one.explanation) one.explanation->use(frames);
    write(who, one.printer.begin(frames));
}

void transcript_log::received_bytes(const peer& who, bytes data) {
    auto& one = with(who);
    if (!may_print(who, one)) return;
    auto lines = one.printer.from_peer(data, clock::now());
    if (may_explain(who, one)) {
        lines = one.explanation->received(data, lines);
    } else if (one.explanation) {
        one.explanation->pass_received(data);
    }
    write(who, lines);
}

void transcript_log::received(const peer& who, const occurred::received& frame) {
    auto& one = with(who);
    const bool printed = may_print(who, one);
    // Omits a frame whose beginning was omitted.
    one.inside_left_out_frame = (one.inside_left_out_frame && !frame.payload.first) || !printed;
    if (!one.inside_left_out_frame) write(who, one.printer.frame(frame.payload, frame.offset));
}

void transcript_log::skipped(const peer& who, const occurred::skipped& frame) {
    auto& one = with(who);
    if (may_print(who, one)) write(who, one.printer.skipped(frame.size, frame.offset));
}

void transcript_log::peer_ended(const peer& who) {
    auto& one = with(who);
    print_left_out(who, one);
    write(who, one.printer.peer_ended(clock::now()) + one.printer.finished());
}

void transcript_log::sent_bytes(const peer& who, bytes data) {
    auto& one = with(who);
    if (!may_print(who, one)) return;
    auto lines = one.printer.to_peer(data, clock::now());
    if (may_explain(who, one)) {
        lines = one.explanation->sent(data, lines);
    } else if (one.explanation) {
        one.explanation->pass_sent(data);
    }
    write(who, lines);
}

void transcript_log::closed(const peer& who, const close_reason& why) {
    auto& one = with(who);
    print_left_out(who, one);
    if (why.error != nullptr) write(who, one.printer.failed(*why.error, clock::now()));
    conversations_.erase(who.id);
}

transcript_log::conversation& transcript_log::with(const peer& who) {
    return conversations_.try_emplace(who.id, clock::now()).first->second;
}

bool transcript_log::may_print(const peer& who, conversation& one) {
    const auto now = clock::now();
    if (now - one.second >= std::chrono::seconds(1)) {
        print_left_out(who, one);
        one.second = now;
        one.printed = 0;
    }
    if (one.printed < printed_max && to_.admits()) {
        ++one.printed;
        return true;
    }
    if (one.printed == printed_max) ++one.left_out;
    one.explanation.reset();  // it has lost its place in the stream
    return false;
}

bool transcript_log::may_explain(const peer& who, const conversation& one) {
    if (!one.explanation) return false;
    const auto now = clock::now();
    if (now - second_ >= std::chrono::seconds(1)) {
        second_ = now;
        explained_ = 0;
    }
    if (++explained_ == explained_max + 1) {
        write(who, fmt::format("# more than {} reads and writes in a second: the others are not "
                               "explained\n",
                               explained_max));
    }
    return explained_ <= explained_max;
}

void transcript_log::print_left_out(const peer& who, conversation& one) {
    if (one.left_out == 0) return;
    write(who,
          fmt::format("# {} reads, writes and frames are left out: more than {} in a second\n",
                      std::exchange(one.left_out, 0), printed_max));
}

void transcript_log::write(const peer& who, const std::string& lines) {
    if (lines.empty() || !to_.admits()) return;
    std::string text;
    if (current_ != who.id) {
        text = fmt::format("# {} with {}\n", python_address(who.local), python_peer(who));
    }
    current_ = who.id;
    if (has_timestamps_) text.append("# ").append(timestamp().text()).append("\n");
    text += lines;
    to_.charge(text.size());
    to_.write(text);
}

}  // namespace framewire
