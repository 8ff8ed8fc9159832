#include "client_run.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

using habit_end = client_habits::ending;
using std::chrono::milliseconds;

// For the report.
constexpr std::size_t first_bytes_max = 256;
constexpr std::size_t shown_pieces_max = 4;
constexpr std::size_t shown_line_max = 80;

// So many replies are enough to see what a client makes of them. One that was started for this
// connection may end by itself after some more.
constexpr std::size_t messages_of_many = 5;
constexpr std::size_t messages_of_program = 20;

constexpr std::string_view took_the_piece =
    "Your client took the first piece for the whole reply. recv(n) returns what has arrived, "
    "which may be less than n: call it again, in a loop, until the header is complete, and then "
    "until the payload is.";
constexpr std::string_view speaks_first =
    "A client is checked by the replies to its messages, so it must send one first.";

std::string_view words_of(habit_end how) {
    switch (how) {
        case habit_end::none: return "the connection stays open";
        case habit_end::finished: return "the end of the connection";
        case habit_end::reset: return "a reset of the connection, as if bytes were left unread";
    }
    return {};
}

std::string describe(const arrival& one) {
    switch (one.what) {
        case arrival::kind::frame:
            return fmt::format("the message {}", print_shortened(one.payload));
        case arrival::kind::skipped: return "a message that is larger than the framing's max";
        case arrival::kind::finished: return std::string(words_of(habit_end::finished));
        case arrival::kind::failed:
            return one.error.code == errc::io_reset ? std::string(words_of(habit_end::reset))
                                                    : one.error.message();
    }
    return {};
}

std::string words_of_count(std::size_t messages) {
    return messages == 1 ? "1 message" : fmt::format("{} messages", messages);
}

std::string words_of_status(const client_program& program) {
    auto text = fmt::format("exit status {}", program.status());
    if (const auto why = program.last_error(); !why.empty()) {
        text += ": " + quote(why, shown_line_max);
    }
    return text;
}

// The first line in which they differ.
std::pair<std::string, std::string> different_lines(std::string_view one, std::string_view other) {
    const auto line_at = [](std::string_view text, std::size_t at) {
        const auto line = text.substr(at, text.find('\n', at) - at);
        return at >= text.size() ? std::string("nothing more") : quote(line, shown_line_max);
    };
    const auto same = std::ranges::mismatch(one, other).in1 - one.begin();
    const auto before = one.substr(0, static_cast<std::size_t>(same)).rfind('\n');
    const auto from = before == std::string_view::npos ? 0 : before + 1;
    return {line_at(one, from), line_at(other, from)};
}

}  // namespace

client_run::client_run(const check_plan& plan, const check_row& row, const check_script& script,
                       const client_habits* usual)
    : plan_(plan),
      subject_(plan.subject),
      row_(row),
      script_(script),
      usual_(usual),
      recording_(plan.subject.frames, checked_end::client) {}

std::optional<check_finding> client_run::play(client_visit visit, bool& keeps_open) {
    program_ = std::move(visit.program);
    port_ = std::to_string(visit.from.port);
    auto settings = plan_.connection;
    const auto connection = recording_.add_connection();
    if (plan_.is_recorded) {
        settings.sent = [this, connection](bytes data) { recording_.sent(connection, data); };
    }
    settings.received = [this, connection](bytes data) {
        if (plan_.is_recorded) recording_.received(connection, data);
        received_ += data.substr(0, first_bytes_max - std::min(received_.size(), first_bytes_max));
    };
    auto peer = live_peer::over(std::move(visit.socket), subject_.frames.reversed(), settings);
    if (!peer) return found("a connection", peer.error().message());
    peer_.emplace(*std::move(peer));
    for (const auto& step : script_.steps) {
        if (auto why = perform(step, keeps_open)) return why;
        if (is_over_) return {};
    }
    if (usual_ == nullptr) return judge_program(true);
    return {};
}

client_run::finding client_run::perform(const check_step& step, bool& keeps_open) {
    using kind = check_step::kind;
    switch (step.what) {
        case kind::send: send(step.data); return {};
        case kind::pass: return pass(step.time);
        case kind::end_stream: end_stream(); return {};
        case kind::reset:
            recording_.ended(1, "reset");
            peer_->reset();
            return {};
        case kind::receive: return receive(step.is_advice);
        case kind::reply: return reply(step);
        case kind::serve:
        case kind::serve_and_end:
        case kind::serve_pairs: return serve(step);
        case kind::expect_usual: return expect_usual();
        case kind::expect_end_of_client: return expect_end(step, keeps_open);
        default: return {};  // those for servers
    }
}

client_run::finding client_run::receive(bool may_end) {
    const auto next = take(plan_.connection.timeout);
    if (!next) {
        return found("a message",
                     fmt::format("nothing within {}", format_duration(plan_.connection.timeout)),
                     speaks_first);
    }
    is_over_ = may_end && peer_->has_ended() && next->what != arrival::kind::frame;
    if (is_over_) return {};
    if (next->what != arrival::kind::frame) return found_instead("a message", *next);
    return note_message(*next);
}

client_run::finding client_run::note_message(const arrival& one) {
    if (seen_.messages++ == 0) seen_.first_message = one.payload;
    message_ = one.payload;
    return {};
}

client_run::finding client_run::serve(const check_step& step) {
    using kind = check_step::kind;
    std::string held;  // the first reply of a pair
    while (seen_.messages < messages_max()) {
        const auto next = take(message_timeout());
        if (!next) break;
        if (next->what == arrival::kind::failed && next->error.code == errc::io_reset) {
            seen_.how = habit_end::reset;
        } else if (next->what == arrival::kind::finished) {
            seen_.how = habit_end::finished;
        } else if (next->what != arrival::kind::frame) {
            return found_instead("a message in this framing", *next);
        }
        if (next->what != arrival::kind::frame) break;
        (void)note_message(*next);
        if (step.what == kind::serve_pairs && held.empty()) {
            held = frame_of_reply();
            continue;
        }
        if (!held.empty()) {
            send(std::exchange(held, {}) + frame_of_reply());
        } else if (auto why = reply(step)) {
            return why;
        }
        const bool is_last = step.what == kind::serve_and_end && usual_ != nullptr &&
                             seen_.messages == usual_->messages;
        if (is_last || subject_.has_one_exchange) end_stream();
    }
    if (!held.empty()) send(held);
    seen_.has_more = seen_.messages == messages_max();
    return {};
}

std::size_t client_run::messages_max() const noexcept {
    if (usual_ == nullptr) return program_ ? messages_of_program : messages_of_many;
    return usual_->has_more ? usual_->messages : usual_->messages + messages_of_many;
}

milliseconds client_run::message_timeout() const {
    const bool is_done =
        usual_ != nullptr && usual_->how == habit_end::none && seen_.messages >= usual_->messages;
    return is_done ? std::min(short_wait, plan_.connection.timeout) : plan_.connection.timeout;
}

client_run::finding client_run::reply(const check_step& step) {
    const auto frame = frame_of_reply();
    const auto size = step.count == 0 ? frame.size() : std::min(step.count, frame.size() - 1);
    std::size_t from = 0;
    for (const auto cut : step.cuts) {
        if (cut >= size) break;
        send(frame.substr(from, cut - from));
        from = cut;
        if (auto why = pass(step.time)) return why;
    }
    send(frame.substr(from, size - from));
    if (usual_ == nullptr) peer_->pass(step.time);
    return {};
}

void client_run::end_stream() {
    recording_.ended(1, "eof");
    (void)peer_->end_stream();
}

void client_run::send(bytes data) {
    const auto pieces = static_cast<std::size_t>(std::ranges::count(sent_, ','));
    if (pieces < shown_pieces_max) {
        sent_ += (sent_.empty() ? "" : ", and later ") + print_shortened(data);
    } else if (!sent_.ends_with("more")) {
        sent_ += ", and more";
    }
    (void)peer_->send(data);  // a client that has left is noticed where something is expected
}

client_run::finding client_run::pass(milliseconds time) {
    peer_->pass(time);
    return too_early();
}

// A client that waits for replies has nothing to do before this one is complete.
client_run::finding client_run::too_early() {
    auto next = peer_->next(milliseconds(0));
    if (!next) return {};
    if (usual_ == nullptr) seen_.sends_ahead = true;
    if (usual_ == nullptr || usual_->sends_ahead || seen_.messages == 0) {
        early_.push_back(*std::move(next));
        return {};
    }
    const bool is_piece = row_.name != "reply.unasked" && row_.name != "reply.reset";
    return found_instead("nothing before the reply is complete", *next,
                         is_piece ? took_the_piece : std::string_view());
}

client_run::finding client_run::expect_usual() {
    const auto& usual = *usual_;
    if (seen_.messages < usual.messages) {
        return found(
            words_of_count(usual.messages) + ", as after replies in one piece",
            fmt::format("{}, then {}", words_of_count(seen_.messages),
                        seen_.how == habit_end::none ? "nothing more" : words_of(seen_.how)));
    }
    const bool is_alike = usual.has_more || usual.how == seen_.how ||
                          (usual.how == habit_end::reset && seen_.how == habit_end::finished);
    if (!is_alike) {
        return found(fmt::format("{}, as after replies in one piece", words_of(usual.how)),
                     std::string(words_of(seen_.how)));
    }
    return judge_program(true);
}

client_run::finding client_run::expect_end(const check_step& step, bool& keeps_open) {
    const auto within = step.is_advice && keeps_open
                            ? std::min(short_wait, plan_.connection.timeout)
                            : plan_.connection.timeout;
    while (const auto next = take(within)) {
        const bool is_end =
            next->what == arrival::kind::finished ||
            (next->what == arrival::kind::failed &&
             (next->error.code == errc::io_reset || next->error.code == errc::frame_truncated));
        if (!is_end && !usual_->sends_ahead) {
            return found_instead("no further message, as there was no reply", *next);
        }
    }
    if (!peer_->has_ended()) {
        if (step.is_advice) keeps_open = true;
        auto why = found("the end of the connection", "it is still open");
        if (!step.is_advice) return why;
        if (!advice_) advice_ = std::move(why);
    }
    return judge_program(false);
}

// The exit status of a client that was started for this connection.
client_run::finding client_run::judge_program(bool is_served) {
    peer_.reset();
    if (!program_) return {};
    const bool ends = program_->ends(plan_.connection.timeout);
    if (usual_ == nullptr) {
        if (!ends || seen_.has_more) return {};
        seen_.status = program_->status();
        seen_.output = masked_output();
        if (program_->status() == 0) return {};
        return found("exit status 0", words_of_status(*program_));
    }
    if (!usual_->status) return {};
    if (!ends) {
        return found(
            "the end of the command",
            fmt::format("it still runs after {}", format_duration(plan_.connection.timeout)));
    }
    if (!is_served) {
        if (program_->status() != 0) return {};
        return found("an exit status other than 0, as there was no reply", "exit status 0");
    }
    if (program_->status() != 0) return found("exit status 0", words_of_status(*program_));
    return compare_output();
}

client_run::finding client_run::compare_output() {
    if (!usual_->output) return {};
    const auto printed = masked_output();
    if (printed == *usual_->output) return {};
    const auto [due, got] = different_lines(*usual_->output, printed);
    return found(fmt::format("it prints {}, as after replies in one piece", due), got);
}

// The port of a client is another each time, and some print it.
std::string client_run::masked_output() const {
    auto text = program_->output();
    for (auto at = text.find(port_); at != std::string::npos && port_ != "0";
         at = text.find(port_, at)) {
        text.replace(at, port_.size(), "PORT");
    }
    return text;
}

std::optional<arrival> client_run::take(milliseconds within) {
    std::optional<arrival> next;
    if (early_.empty()) {
        next = peer_->next(within);
    } else {
        next = std::move(early_.front());
        early_.pop_front();
    }
    return next;
}

std::string client_run::frame_of_reply() const {
    const auto& frames = subject_.frames.replies();
    const auto* const first = frames.first();
    const bool is_first = first != nullptr && seen_.messages == 1;
    const auto payload = subject_.reply_to(message_).value_or("");
    std::string frame;
    (void)(is_first ? *first : frames).encode(payload, frame);
    return frame;
}

check_finding client_run::found(std::string expected, std::string seen,
                                std::string_view advice) const {
    return {.how = script_.how,
            .sent = sent_,
            .expected = std::move(expected),
            .seen = std::move(seen),
            .offset = std::nullopt,
            .received = received_.empty() ? "" : print_shortened(received_),
            .advice = std::string(advice.empty() ? row_.advice : advice),
            .transcript = plan_.is_recorded ? recording_.text() : ""};
}

check_finding client_run::found_instead(std::string expected, const arrival& seen,
                                        std::string_view advice) const {
    auto made = found(std::move(expected), describe(seen), advice);
    made.offset = seen.offset;
    return made;
}

}  // namespace framewire
