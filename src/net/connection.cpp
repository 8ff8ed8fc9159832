#include "connection.hpp"
#include "framewire/service/detail/peer_link.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace framewire {
namespace {

// After so many the others get their turn, and the rest of the input waits for the next cycle. A
// write for each of them would still cost little; a service that needs a millisecond for each
// would keep the others waiting for half a second.
constexpr std::size_t frames_per_cycle_max = 512;

// After a read of so much a connection waits for those that have less to do.
constexpr std::size_t busy_read_bytes = 16 * KiB;

}  // namespace

// socket -> receive buffer -> decode -> event -> service -> outbox -> encode -> socket
//
// One cycle reads once, serves every frame that the read completes, and writes once. Then it waits
// for whatever it could not do. While the peer does not accept its replies, nothing is read.
void connection::cycle() {
    session_.tick(loop_.now());
    is_busy_ = false;
    read();
    answer();
    end_cycle();
}

void connection::read() {
    if (state_ == state::lingering) return discard();
    if (!is_serving(state_) || !readable_ || !session_.wants_input() || !may_shake_hands()) return;
    const auto buffer = receivable();
    const auto size = receive_some(socket_.get(), buffer);
    const int error = size < 0 ? errno : 0;
    // A draining connection reads until nothing is left; any other waits for the poller.
    readable_ = state_ == state::draining && size > 0;
    if (size == 0) {
        receive_wire_eof();
    } else if (size > 0) {
        const bytes data(buffer.data(), static_cast<std::size_t>(size));
        if (data.size() >= widening_read_bytes && !std::exchange(is_widened_, true)) {
            widen_receive_window(socket_.get());
        }
        loop_counters::add(loop_.counters().bytes_received, data.size());
        passed_.bytes_received += data.size();
        is_busy_ = data.size() >= busy_read_bytes;
        if (pacing_) pacing_->rates->bytes.spend(data.size(), loop_.now());
        receive_wire(data);
    } else if (error == ECONNRESET && is_probe_ && !wire_ && session_.offset() == 0) {
        session_.receive_eof();  // so health checks end, and nothing is wrong
    } else if (!is_transient(error)) {
        auto ours = from_system(error, session_.offset());
        session_.receive_error(ours.code, std::move(ours.words));
    }
}

void connection::receive_wire(bytes data) {
    if (prefix_) return receive_prefix(data);
    wire_ ? receive_from_wire(data) : receive(data);
}

void connection::receive_wire_eof() {
    if (prefix_) return fail_prefix(prefix_->header.ended());
    wire_ ? receive_eof_of_wire() : session_.receive_eof();
}

void connection::receive(bytes stream) {
    if (observes_traffic_) notify(occurred::received_bytes{stream});
    session_.receive(stream);
}

void connection::answer() {
    const loop_outbox::call call(loop_.replies(), *this);
    frames_left_ = frames_per_cycle_max;
    if (pacing_) limit_frames();
    while (is_serving(state_) && frames_left_ > 0) {
        const auto found =
            session_.next([this](const payload_run& run) { return deliver_run(run); },
                          [this](const piece& payload, std::uint64_t offset) {
                              deliver(payload, offset);
                              return is_serving(state_) && --frames_left_ > 0;
                          });
        if (!found) break;
        serve(*found);
        --frames_left_;
    }
    if (pacing_) {
        spend_frames();
    } else if (frames_left_ == 0) {
        end_long_cycle();
    }
    if (observes_traffic_ && is_established()) notify(occurred::batch_ended{});
}

// Frames are left, and others have their turn.
void connection::end_long_cycle() noexcept {
    is_busy_ = true;
    const auto per_second = session_.rules()->bounds.tiny_frames_per_second_max;
    if (per_second == 0 || !session_.latest_was_tiny()) return;
    if (!loop_.admits_tiny(frames_per_cycle_max, per_second)) session_.slow_down();
}

// The service first gets the run; what it leaves is delivered one by one.
run_outcome connection::deliver_run(const payload_run& run) {
    if (is_served_singly_) return {};
    const auto taken = service_->receive_run(run, loop_.replies());
    loop_counters::add(loop_.counters().frames, taken);
    passed_.frames += taken;
    frames_left_ -= std::min(frames_left_, taken);
    return {taken, is_serving(state_) && frames_left_ > 0};
}

void connection::deliver(const piece& data, std::uint64_t offset) {
    if (data.last) {
        loop_counters::add(loop_.counters().frames, 1);
        ++passed_.frames;
    }
    if (observes_traffic_) notify(occurred::received{data, offset});
    service_->receive(data, loop_.replies());
}

void connection::serve(const event& found) {
    switch (found.what) {
        case event::kind::frame: return deliver(found.piece, found.offset);
        case event::kind::skipped:
            loop_counters::add(loop_.counters().skipped, 1);
            notify(occurred::skipped{found.piece.announced, found.offset});
            return service_->skipped(found.piece.announced, loop_.replies());
        case event::kind::finished:
            notify(occurred::peer_ended{});
            return service_->peer_ended(loop_.replies());
        case event::kind::failed: return close_after(session_.failure()->code);
    }
}

void connection::write() {
    if (wire_) return write_over();
    if (session_.output().empty() || state_ == state::closed) return;
    const auto owed = session_.output();
    const auto taken = send_some(socket_.get(), owed);
    if (taken < 0) {
        const int error = errno;
        if (!is_transient(error)) fail(from_system(error, session_.offset()));
        return;
    }
    const auto size = static_cast<std::size_t>(taken);
    loop_counters::add(loop_.counters().bytes_sent, size);
    passed_.bytes_sent += size;
    note_sent(size);
}

// The loop's list of connections is in this order.
void connection::note_active() noexcept {
    if (loop_.now() - active_ < silence_precision || state_ == state::closed) return;
    active_ = loop_.now();
    loop_.move_back(*this);
}

void connection::note_sent(std::size_t size) {
    if (observes_traffic_) {
        notify(occurred::sent_bytes{session_.output().substr(0, size)});
    }
    session_.sent(size);
    if (was_full_ && session_.output().empty()) continue_service();
}

void connection::end_cycle() {
    if (has_pushed_) take_pushed();
    write();
    if (has_changed_framing_) notify_framing();
    session_.hold();
    // Those that are open come before those that are about to be: a handshake takes a millisecond.
    is_busy_ = is_busy_ || !is_established();
    if (pacing_) pace();
    // Nearly always it holds nothing, and that is known.
    if (session_.holds() || link_ || wire_ || prefix_ || charged() != sizeof *this) charge();
    wait();
}

// One that was closed in this cycle holds nothing any more.
void connection::charge() noexcept {
    if (state_ == state::closed) return;
    auto size = sizeof *this + session_.held_bytes();
    if (link_) size += link_->waiting_bytes();
    if (prefix_) size += prefix_->header.held_bytes();
    if (wire_) size += wire_->line->held_bytes();
    if (size != charged()) loop_.holders().charge(*this, size, plan_->memory);
}

}  // namespace framewire
