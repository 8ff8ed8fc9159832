#include "connection.hpp"

#include <cerrno>
#include <exception>
#include <utility>

namespace framewire {
namespace {

// What a loop keeps for the next connection's replies: the queue of a busy peer, not one huge
// reply.
constexpr std::size_t spare_bytes_max = 1 * MiB;

// Made once: putting one together in memory and fetching it as a whole costs more than all else
// that a reply does.
const tl::expected<void, errc> framed_well;

}  // namespace

// socket -> receive buffer -> decode -> event -> service -> outbox -> encode -> socket
//
// One turn reads once, answers every frame that the read completes, and writes once. What could
// not be done is then waited for. While the peer does not take its replies, it is not read from.
void connection::turn() {
    session_.tick(loop_.now());
    read();
    answer();
    write();
    session_.keep_output();
    if (borrows_) give_back();
    wait();
}

void connection::read() {
    if (state_ == state::lingering) return throw_away();
    if (state_ != state::open || !readable_ || !session_.wants_input()) return;
    auto& buffer = loop_.receive_buffer();
    const auto size = receive_some(socket_.get(), buffer);
    const int error = size < 0 ? errno : 0;
    // A draining connection goes on until there is nothing left; any other waits to be told.
    readable_ = draining_ && size > 0;
    if (size == 0) {
        session_.receive_eof();
    } else if (size > 0) {
        const bytes part(buffer.data(), static_cast<std::size_t>(size));
        loop_counters::add(loop_.counters().bytes_received, part.size());
        if (watches_traffic_) watch()->received_bytes(peer_, part);
        session_.receive(part);
    } else if (!is_transient(error)) {
        const auto ours = from_system(error, session_.offset());
        session_.receive_error(ours.code, ours.words);
    }
}

void connection::answer() {
    while (state_ == state::open) {
        const auto said = session_.next([this](const piece& payload, std::uint64_t offset) {
            deliver(payload, offset);
            return state_ == state::open;
        });
        if (!said) break;
        serve(*said);
    }
    session_.hold();
    if (watches_traffic_) watch()->turn_ends();
}

void connection::deliver(const piece& part, std::uint64_t offset) {
    if (part.last) loop_counters::add(loop_.counters().frames, 1);
    if (watches_traffic_) watch()->received(peer_, part, offset);
    service_->receive(part, *this);
}

tl::expected<void, errc> connection::reply(bytes payload) {
    if (session_.lend(payload)) return framed_well;
    borrow();
    return framed(session_.send(payload));
}

// Replies are put together in a buffer of the loop's, unless this connection has one already.
void connection::borrow() {
    if (borrows_ || session_.uses_own_buffer()) return;
    session_.exchange_output_buffer(loop_.spare_output());
    borrows_ = true;
}

// What could not be written stays, and the buffer with it.
void connection::give_back() {
    borrows_ = false;
    if (session_.uses_own_buffer()) return;
    auto& spare = loop_.spare_output();
    session_.exchange_output_buffer(spare);
    if (spare.capacity() > spare_bytes_max) std::string().swap(spare);
}

void connection::write() {
    if (session_.output().empty() || state_ == state::released) return;
    const auto owed = session_.output();
    const auto taken = send_some(socket_.get(), owed);
    if (taken < 0) {
        const int error = errno;
        if (!is_transient(error)) part_with(from_system(error, session_.offset()));
        return;
    }
    const auto size = static_cast<std::size_t>(taken);
    loop_counters::add(loop_.counters().bytes_sent, size);
    if (watches_traffic_) watch()->sent_bytes(peer_, owed.substr(0, size));
    session_.sent(size);
    // What was borrowed goes back; what was needed while the peer was slow is not kept by an idle
    // one.
    if (session_.output().empty() && !borrows_) session_.drop_output();
}

void connection::wait() {
    const bool owes = !session_.output().empty();
    if (state_ == state::open && draining_ && !readable_ && session_.at_rest()) {
        part(close_reason::kind::by_drain);
    }
    if (state_ == state::closing && !owes) finish();
    if (state_ == state::released) return;
    const bool reads = state_ == state::open && session_.wants_input();
    const bool decodes = state_ == state::open && session_.can_go_on();
    if (decodes || (reads && readable_)) take_turn_soon();
    const bool lingers = state_ == state::lingering;
    wait_for({.readable = reads || lingers, .writable = owes});
    loop_.wheel().watch(*this, lingers ? linger_until_ : session_.deadline());
}

// A descriptor that is waited for in no way must leave the poller, or its errors would wake us for
// ever.
void connection::wait_for(interest in) {
    if (in == waits_for_) return;
    auto& poller = loop_.waiting();
    if (in.none()) {
        poller.remove(socket_.get());
    } else if (!waits_for_.none()) {
        poller.change(socket_.get(), *this, in);
    } else if (!poller.add(socket_.get(), *this, in)) {
        part_with(from_system(errno, session_.offset()));
        return;
    }
    waits_for_ = in;
}

void connection::ready(interest found) {
    if (state_ == state::released) return;
    readable_ = readable_ || found.readable;
    take_turn();
}

void connection::take_turn_soon() {
    if (!turn_hook::is_linked()) loop_.go_on_soon(*this);
}

void connection::go_on() {
    if (state_ != state::released) take_turn();
}

// Whatever a service throws, or memory that cannot be had, costs this connection and no other.
void connection::take_turn() {
    try {
        turn();
    } catch (const std::exception& thrown) {
        part_with({errc::io_failed, session_.offset(), thrown.what()});
    } catch (...) {
        part_with({errc::io_failed, session_.offset(), "the service threw"});
    }
}

}  // namespace framewire
