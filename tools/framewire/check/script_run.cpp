#include "script_run.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <thread>
#include <utility>

namespace framewire {
namespace {

// Of what the server sent, for the report.
constexpr std::size_t kept_bytes_max = 256;

// For a program to be started again.
constexpr std::chrono::milliseconds restart_time{1'000};
constexpr std::chrono::milliseconds retry_time{20};

// In pieces, and with the first of them only where there are many.
std::string print_pieces(bytes data, const std::vector<std::size_t>& cuts) {
    if (cuts.size() > 1) {
        return fmt::format("{} in {} pieces", print_shortened(data), cuts.size() + 1);
    }
    if (cuts.empty()) return print_shortened(data);
    return fmt::format("{}, and later {}", print_shortened(data.substr(0, cuts.front())),
                       print_shortened(data.substr(cuts.front())));
}

// What was sent is wrong, and not how it ended. A server that streams may begin to answer a frame
// of any size.
bool is_of_content(errc code) noexcept {
    return code <= errc::frame_delimiter && code != errc::frame_truncated &&
           code != errc::frame_too_large;
}

}  // namespace

std::optional<check_finding> script_run::play() {
    if (script_.steps.empty() || script_.steps.front().what != check_step::kind::next_client) {
        if (auto why = connect()) return why;
    }
    for (const auto& step : script_.steps) {
        if (auto why = perform(step)) return why;
    }
    return conclude();
}

result<live_peer> script_run::open(bool is_plain) {
    auto settings = plan_.connection;
    if (is_plain) settings.make_transport = {};
    settings.handshake_piece = script_.handshake_piece;
    const auto connection = recording_.add_connection();
    if (plan_.is_recorded) {
        settings.sent = [this, connection](bytes data) { recording_.sent(connection, data); };
    }
    settings.received = [this, connection](bytes data) {
        if (plan_.is_recorded) recording_.received(connection, data);
        received_ += data.substr(0, kept_bytes_max - std::min(received_.size(), kept_bytes_max));
    };
    return live_peer::connect(plan_.where, plan_.subject.frames, std::move(settings));
}

// A server that is started again by its supervisor is away for a moment.
void script_run::wait_for_server() {
    const auto until = std::chrono::steady_clock::now() + restart_time;
    for (;;) {
        auto peer = open();
        memory_.is_gone = !peer;
        if (peer && !open_stream(*peer) && !exchange(*peer, plan_.subject.payloads.front()))
            return;
        if (std::chrono::steady_clock::now() >= until) return;
        std::this_thread::sleep_for(retry_time);
    }
}

script_run::finding script_run::connect() {
    auto peer = open(script_.is_plain);
    if (!peer) {
        return found("a connection", peer.error().message(), {},
                     is_of_tls() ? "" : "The server has ended, or accepts no more connections.");
    }
    peer_.emplace(*std::move(peer));
    return script_.is_plain || script_.has_opening ? finding() : open_stream(*peer_);
}

// The first frame of a stream, where it is of another framing.
script_run::finding script_run::open_stream(live_peer& with) {
    const auto& opening = plan_.subject.opening;
    if (!opening) return {};
    std::string frame;
    (void)plan_.subject.frames.first()->encode(*opening, frame);
    (void)with.send(frame);
    return expect_replies(with, {*opening});
}

script_run::finding script_run::perform(const check_step& step) {
    using kind = check_step::kind;
    switch (step.what) {
        case kind::send:
        case kind::send_unread: return send_data(step);
        case kind::flood: return flood(step);
        case kind::pass: peer_->pass(step.time); return {};
        case kind::expect: return expect_replies(*peer_, step.messages);
        case kind::expect_end: return expect_end(step.is_advice);
        case kind::end_stream: end_stream(); return {};
        case kind::reset:
            recording_.ended(1, "reset");
            peer_->reset();
            return {};
        case kind::close_notify: (void)peer_->end_stream(stream_end::transport); return {};
        case kind::end_socket: (void)peer_->end_stream(stream_end::socket); return {};
        case kind::send_past_tls: (void)peer_->send_past_transport(step.data); return {};
        case kind::expect_refusal: return expect_refusal();
        case kind::silent_clients: return add_silent_clients(step.count);
        case kind::next_client: peer_.reset(); return serve_next();
        case kind::other_client: return serve_next();
        case kind::crowd: return serve_crowd(step.count);
        default: return {};  // those with a client
    }
}

// What a server that has left does not take is found where its replies are expected.
script_run::finding script_run::send_data(const check_step& step) {
    const auto text = print_pieces(step.data, step.cuts);
    sent_ = pieces_ == 0 ? text : sent_ + ", and later " + text;
    pieces_ += step.cuts.size() + 1;
    wire_result<void> sent;
    if (step.what == check_step::kind::send) {
        sent = peer_->send(step.data, step.cuts, step.time);
    } else {
        const auto taken = peer_->send_unread(step.data, step.time);
        std::this_thread::sleep_for(step.time);
        if (taken && *taken < step.data.size()) {
            sent = peer_->send(bytes(step.data).substr(*taken));
        }
    }
    if (sent || sent.error().code != errc::io_timeout_write) return {};
    return found(
        "that the server reads what it is sent",
        fmt::format("it has read nothing for {}", format_duration(plan_.connection.timeout)), {},
        "Read from every client, also while another one is silent.");
}

// What the server takes shows how much of the replies it keeps; it may stop, and it may leave.
script_run::finding script_run::flood(const check_step& step) {
    const auto until = std::chrono::steady_clock::now() + plan_.connection.timeout;
    std::size_t sent = 0;
    while (sent < step.count && std::chrono::steady_clock::now() < until) {
        const auto taken = peer_->send_unread(step.data, step.time);
        sent += taken.value_or(0);
        if (!taken || *taken < step.data.size()) break;
    }
    sent_ = fmt::format("{} again and again, {} bytes", print_shortened(step.data), sent);
    return {};
}

script_run::finding script_run::expect_replies(live_peer& from,
                                               const std::vector<std::string>& messages) {
    const auto& subject = plan_.subject;
    if (!subject.replies()) return {};
    if (subject.frames.replies().is_raw()) return expect_bytes(from, messages);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto due = subject.reply_to(messages[i]);
        const auto next = from.next();
        if (next && next->what == arrival::kind::frame && (!due || next->payload == *due)) {
            continue;
        }
        const difference what{.subject = subject,
                              .messages = messages,
                              .number = i,
                              .pieces = pieces_,
                              .has_ended = from.has_ended(),
                              .is_inside_reply = from.is_inside_frame(),
                              .timeout = plan_.connection.timeout,
                              .received = from.bytes_received()};
        return found(describe_due(what), describe_seen(what, next),
                     next ? next->offset : from.bytes_received(),
                     framewire::advise(row_, what, next));
    }
    return {};
}

// Without frames, only the bytes can be compared.
script_run::finding script_run::expect_bytes(live_peer& from,
                                             const std::vector<std::string>& messages) {
    std::string due;
    for (const auto& one : messages) due += plan_.subject.reply_to(one).value_or("");
    std::string got;
    if (due.empty()) {
        if (from.next()) return {};
        return found("a reply", "nothing", from.bytes_received());
    }
    while (got.size() < due.size()) {
        const auto next = from.next();
        if (!next || next->what != arrival::kind::frame) break;
        got += next->payload;
    }
    if (got == due) return {};
    const auto same = std::ranges::mismatch(got, due).in1 - got.begin();
    return found(fmt::format("{}", print_shortened(due)), print_shortened(got),
                 static_cast<std::uint64_t>(same));
}

script_run::finding script_run::expect_end(bool is_advice) {
    const auto is_known =
        plan_.subject.service == replying::echo || plan_.subject.service == replying::text;
    while (const auto next = peer_->next(end_timeout())) {
        if (next->what == arrival::kind::frame && is_known) {
            return found("no reply, as no message is complete and correct",
                         fmt::format("the reply {}", print_shortened(next->payload)),
                         next->offset);
        }
        const auto max = plan_.subject.frames.payload_bytes_max();
        if (next->what == arrival::kind::failed && next->error.code == errc::frame_too_large &&
            max) {
            return found("no reply to a message that is too large", next->error.message(),
                         next->offset);
        }
        if (next->what == arrival::kind::failed && is_of_content(next->error.code)) {
            return advise(is_advice, found("no bytes that are no message", next->error.message(),
                                           next->offset));
        }
    }
    if (peer_->has_ended()) return {};
    memory_.keeps_open = true;
    return advise(is_advice,
                  found("the end of the connection", "it is still open", peer_->bytes_received()));
}

// Of a server with TLS, to what is no handshake of today. What it sends is no frame, but an alert.
script_run::finding script_run::expect_refusal() {
    constexpr int handshake_timeouts = 5;
    constexpr char handshake_record = '\x16';
    for (int i = 0; i < handshake_timeouts && !peer_->ends(); ++i) continue;
    const auto due = plan_.subject.reply_to(plan_.subject.payloads.front());
    while (const auto next = peer_->next(std::chrono::milliseconds(0))) {
        if (next->what == arrival::kind::frame && due && next->payload == *due) {
            return found("no reply without TLS", "the reply " + print_shortened(next->payload),
                         next->offset);
        }
    }
    if (received_.starts_with(handshake_record)) {
        return found("an alert, or the end of the connection", "the handshake continues", 0);
    }
    if (peer_->has_ended()) return {};
    memory_.keeps_open = true;
    return found("the end of the connection", "it is still open", peer_->bytes_received());
}

script_run::finding script_run::add_silent_clients(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        auto peer = open(true);
        if (!peer) return found("a connection", peer.error().message(), {});
        silent_.push_back(*std::move(peer));
    }
    return {};
}

void script_run::end_stream() {
    recording_.ended(1, "eof");
    (void)peer_->end_stream();
}

script_run::finding script_run::advise(bool is_advice, check_finding why) {
    if (!is_advice) return why;
    if (!advice_) advice_ = std::move(why);
    return {};
}

script_run::finding script_run::serve_next() {
    auto peer = open();
    if (!peer) {
        return found("that the next client is served", peer.error().message(), {},
                     is_of_tls()
                         ? ""
                         : "The server has ended: catch what goes wrong for one client where that "
                           "client is served, close its connection, and serve the others.");
    }
    if (auto why = open_stream(*peer)) return why;
    return exchange(*peer, plan_.subject.payloads.front());
}

script_run::finding script_run::exchange(live_peer& with, bytes message) {
    (void)with.send(plan_.subject.frame_of(message));
    auto why = expect_replies(with, {std::string(message)});
    if (why) why->expected = "for another client, " + why->expected;
    return why;
}

script_run::finding script_run::serve_crowd(std::size_t count) {
    std::vector<live_peer> all;
    for (std::size_t i = 0; i < count; ++i) {
        auto peer = open();
        if (!peer) return found("a connection", peer.error().message(), {});
        all.push_back(*std::move(peer));
    }
    for (auto& one : all) {
        if (auto why = open_stream(one)) return why;
    }
    for (std::size_t i = 0; i < count; ++i) {
        (void)all[i].send(plan_.subject.frame_of(plan_.subject.numbered(i)));
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (auto why = expect_replies(all[i], {plan_.subject.numbered(i)})) return why;
    }
    return {};
}

// Once all is sent, nothing may come that answers no message.
script_run::finding script_run::conclude() {
    if (!peer_ || peer_->was_reset()) return {};
    end_stream();
    while (const auto next = peer_->next(end_timeout())) {
        const bool is_known = plan_.subject.replies() && !plan_.subject.frames.replies().is_raw();
        if (next->what == arrival::kind::frame && is_known) {
            return found("no further reply",
                         fmt::format("the reply {}", print_shortened(next->payload)), next->offset,
                         "Reply once to each message.");
        }
    }
    if (!peer_->has_ended()) memory_.keeps_open = true;
    return {};
}

// Its advice says more about what may be wrong with a connection.
bool script_run::is_of_tls() const noexcept { return row_.name.starts_with("tls."); }

std::chrono::milliseconds script_run::end_timeout() const {
    return memory_.keeps_open ? std::min(short_wait, plan_.connection.timeout)
                              : plan_.connection.timeout;
}

check_finding script_run::found(std::string expected, std::string seen,
                                std::optional<std::uint64_t> offset, std::string advice) {
    return {.how = script_.how,
            .sent = sent_,
            .expected = std::move(expected),
            .seen = std::move(seen),
            .offset = offset,
            .received = received_.empty() ? "" : print_shortened(received_),
            .advice = advice.empty() ? std::string(row_.advice) : std::move(advice),
            .transcript = plan_.is_recorded ? recording_.text() : ""};
}

}  // namespace framewire
