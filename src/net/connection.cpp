#include "connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

namespace framewire {
namespace {

// What a loop keeps for the next connection's replies: the queue of a busy peer, not one huge
// reply.
constexpr std::size_t spare_bytes_max = 1 * MiB;

}  // namespace

// socket -> receive buffer -> decode -> event -> service -> outbox -> encode -> socket
//
// One turn reads once, answers every frame that the read completes, and writes once. What could
// not be done is then waited for. While the peer does not take its replies, it is not read from.
void connection::turn() {
    auto& spare = loop_.spare_output();
    session_.tick(std::chrono::steady_clock::now());
    borrows_ = session_.output().empty();
    if (borrows_) session_.exchange_output_buffer(spare);
    read();
    answer();
    write();
    if (session_.expire()) part_with(*session_.failure());
    if (borrows_ && session_.output().empty()) {
        session_.exchange_output_buffer(spare);
        if (spare.capacity() > spare_bytes_max) std::string().swap(spare);
    }
    wait();
}

void connection::read() {
    if (state_ == state::lingering) return throw_away();
    if (state_ != state::open || !readable_ || !session_.wants_input()) return;
    auto& buffer = loop_.receive_buffer();
    system_error_code error;
    const auto size = socket_.receive(asio::buffer(buffer), 0, error);
    // A draining connection goes on until there is nothing left; any other waits to be told.
    readable_ = draining_ && !error;
    if (error == asio::error::eof) {
        session_.receive_eof();
    } else if (error && !is_transient(error)) {
        const auto ours = from_system(error, session_.offset());
        session_.receive_error(ours.code, ours.words);
    } else if (!error) {
        const bytes part(buffer.data(), size);
        loop_counters::add(loop_.counters().bytes_received, size);
        if (watch() != nullptr) watch()->received_bytes(peer_, part);
        session_.receive(part);
    }
}

void connection::answer() {
    while (state_ == state::open) {
        const auto said = session_.next();
        if (!said) break;
        serve(*said);
    }
    session_.hold();
    if (watch() != nullptr) watch()->turn_ends();
}

void connection::write() {
    if (session_.output().empty() || state_ == state::released) return;
    system_error_code error;
    const auto size = socket_.send(asio::buffer(session_.output()), 0, error);
    if (error && !is_transient(error)) return part_with(from_system(error, session_.offset()));
    if (error) return;
    loop_counters::add(loop_.counters().bytes_sent, size);
    if (watch() != nullptr) watch()->sent_bytes(peer_, session_.output().substr(0, size));
    session_.sent(size);
    // What was borrowed goes back; what was needed while the peer was slow is not kept by an idle
    // one.
    if (session_.output().empty() && !borrows_) session_.drop_output();
}

void connection::wait() {
    const bool owes = !session_.output().empty();
    if (state_ == state::open && draining_ && !readable_ && session_.at_rest()) {
        part(parting::reason::by_drain);
    }
    if (state_ == state::parting && !owes) finish();
    if (state_ == state::released) return;
    if (owes) await(any_socket::wait_write, awaiting_write_);
    if (state_ == state::open && (session_.can_go_on() || (readable_ && session_.wants_input()))) {
        take_turn_soon();
    } else if (state_ == state::lingering || (state_ == state::open && session_.wants_input())) {
        await(any_socket::wait_read, awaiting_read_);
    }
    loop_.wheel().watch(*this, state_ == state::lingering ? linger_until_ : session_.deadline());
}

void connection::await(any_socket::wait_type what, bool& awaiting) {
    if (std::exchange(awaiting, true)) return;
    socket_.async_wait(what, [self = self_, &awaiting, what](const system_error_code& error) {
        awaiting = false;
        if (error || self->state_ == state::released) return;
        if (what == any_socket::wait_read) self->readable_ = true;
        self->take_turn();
    });
}

void connection::take_turn_soon() {
    if (std::exchange(awaiting_turn_, true)) return;
    asio::post(loop_.io(), [self = self_] {
        self->awaiting_turn_ = false;
        if (self->state_ != state::released) self->take_turn();
    });
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
