// A connection whose bytes go through a transport.

#include "connection.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <utility>

namespace framewire {

connection::wire::wire(connection& of, std::unique_ptr<transport> over, time_point until)
    : line(std::move(over)), output(*line), due(until), handshake(of) {}

// A handshake costs as much as thousands of messages.
bool connection::may_shake_hands() noexcept {
    if (!wire_ || is_established() || wire_->admitted) return true;
    if (loop_.handshakes().admits(plan_->handshakes_per_second_max, loop_.now())) return true;
    wire_->resumes = loop_.handshakes().next();
    session_.withhold(true);
    return false;
}

// Peers that send a part of their first message, or nonsense, cost nothing, and so take no time
// from those that mean it.
void connection::note_handshake() noexcept {
    if (wire_->admitted || wire_->line->output().empty()) return;
    wire_->admitted = true;
    loop_.handshakes().note_cost(loop_.now());
}

void connection::resume_handshake() noexcept {
    wire_->resumes = time_point::max();
    session_.withhold(is_withheld_);
}

void connection::refuse_handshake() noexcept { fail({errc::limit_handshakes, 0, {}}); }

// What was decoded before an error is served first, however the stream was cut into reads.
void connection::receive_from_wire(bytes data) {
    auto& stream = loop_.stream_buffer();
    stream.clear();
    auto taken = wire_->line->receive(data, stream);
    if (!is_established() && taken) note_handshake();
    if (!taken) wire_->failure = std::move(taken.error());
    if (!is_established() && wire_->line->established()) establish();
    if (!is_serving(state_)) return;
    if (!stream.empty()) receive(stream);
    if (wire_->line->peer_finished()) receive_eof();
}

void connection::receive_eof_of_wire() {
    auto taken = wire_->line->receive_eof();
    if (taken) return receive_eof();
    if (!is_established()) return fail_over(std::move(taken.error()));
    // Between two frames many programs end so; only inside a frame something is missing.
    if (taken.error().code == errc::tls_truncated && !session_.inside_frame()) {
        return receive_eof();
    }
    session_.receive_error(taken.error().code, std::move(taken.error().words));
}

void connection::receive_eof() {
    if (!is_established()) return close(close_reason::kind::by_peer);
    session_.receive_eof();
}

void connection::begin_transport() {
    if (!plan_->make_transport) return;
    auto made = plan_->make_transport();
    const auto allowed = made->allowance().time;
    const auto until = allowed.count() == 0 ? time_point::max() : loop_.now() + allowed;
    wire_ = std::make_unique<wire>(*this, std::move(made), until);
}

void connection::establish() {
    if (wire_) {
        loop_handshakes::end(wire_->handshake, *plan_);
        wire_->due = time_point::max();
        count_handshake();
        const auto& known = wire_->line->identity();
        if (known.remote) peer_.remote = *known.remote;
        peer_.tls = known.tls;
    }
    if (!service_ && !make_service()) return fail({errc::service_refused, 0, {}});
    greet();
}

void connection::count_handshake() noexcept {
    auto& counters = loop_.counters();
    loop_counters::add(counters.handshakes, 1);
    if (plan_->measures) counters.handshake_time.add(std::chrono::steady_clock::now() - opened_);
}

// What the transport has not taken cannot be sent any more.
void connection::fail_over(wire_error error) {
    wire_->output.drop();
    session_.drop_output();
    error.offset = session_.offset();
    fail(std::move(error));
}

// An error of what was received comes after the replies to what preceded it.
void connection::write_over() {
    write_to_wire();
    if (!wire_->failure || !is_serving(state_) || !session_.wants_input()) return;
    fail_over(*std::exchange(wire_->failure, {}));
    write_to_wire();
}

// As much as the socket takes, in chunks.
void connection::write_to_wire() {
    if (state_ == state::closed) return;
    while (true) {
        const auto next = wire_->output.next(session_.output());
        if (!next) return fail_over(next.error());
        if (next->empty()) return;
        const auto taken = send_some(socket_.get(), *next);
        if (taken < 0) {
            const int error = errno;
            if (!is_transient(error)) fail(from_system(error, session_.offset()));
            return;
        }
        const auto size = static_cast<std::size_t>(taken);
        const bool all = size == next->size();
        loop_counters::add(loop_.counters().bytes_sent, size);
        passed_.bytes_sent += size;
        if (const auto count = wire_->output.sent(size); count > 0) note_sent(count);
        if (!all || state_ == state::closed) return;
    }
}

// False while the end of our stream, or what was said before it, is not on the wire yet.
bool connection::close_wire() {
    if (!std::exchange(wire_->closes, true)) {
        if (wire_->line->established()) wire_->line->close();
        const auto deadline = session_.rules()->bounds.write_deadline;
        wire_->due = deadline.count() == 0 ? time_point::max() : loop_.now() + deadline;
        write_to_wire();
    }
    if (!wire_->line->output().empty()) return false;
    wire_->due = time_point::max();
    return true;
}

// Either the handshake, or what follows the last byte of our stream, takes too long.
void connection::expire_wire(time_point now) {
    if (now < wire_->due) return;
    const auto& bounds = session_.rules()->bounds;
    if (wire_->closes) {
        return fail(
            {errc::io_timeout_write, session_.offset(),
             fmt::format("the peer accepted none of {} bytes within {}",
                         wire_->line->output().size(), format_duration(bounds.write_deadline))});
    }
    wire_->due = time_point::max();
    const auto allowed = wire_->line->allowance();
    fail({allowed.late, session_.offset(),
          fmt::format("no transport was established within {}", format_duration(allowed.time))});
}

}  // namespace framewire
