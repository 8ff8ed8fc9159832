#include "connection.hpp"

#include <sys/socket.h>
#include <cerrno>

namespace framewire {
namespace {

// The peer is gone or does not listen: nothing that is queued will reach it.
bool is_past_saving(errc code) noexcept {
    return code == errc::io_reset || code == errc::io_failed || code == errc::io_timeout_write;
}

delivery delivery_for(const service& one) noexcept {
    return one.streams() ? delivery::pieces : delivery::whole;
}

}  // namespace

connection::connection(event_loop& loop, owned_descriptor socket)
    : loop_(loop),
      socket_(std::move(socket)),
      service_(loop.plan().make_service()),
      session_(loop.plan().rules, delivery_for(*service_), loop.now()),
      peer_{loop.plan().next_id.fetch_add(1), local_endpoint(socket_.get()),
            remote_endpoint(socket_.get())},
      watches_traffic_(watch() != nullptr && watch()->watches_traffic()) {}

bool connection::start() {
    constexpr interest input{.readable = true};
    if (!loop_.waiting().add(socket_.get(), *this, input)) {
        state_ = state::released;
        return false;
    }
    waits_for_ = input;
    if (watch() != nullptr) {
        watch()->opened(peer_);
        watch()->turn_ends();
    }
    wait();
    return true;
}

void connection::serve(const event& said) {
    switch (said.what) {
        case event::kind::frame: return deliver(said.part, said.offset);
        case event::kind::skipped:
            loop_counters::add(loop_.counters().skipped, 1);
            if (watch() != nullptr) watch()->skipped(peer_, said.part.announced, said.offset);
            return service_->skipped(said.part.announced, *this);
        case event::kind::finished:
            if (watch() != nullptr) watch()->peer_ended(peer_);
            return part(close_reason::kind::by_peer);
        case event::kind::failed: return part_with(*session_.failure());
    }
}

tl::expected<void, errc> connection::begin(std::uint64_t announced) {
    borrow();
    return framed(session_.begin(announced));
}

tl::expected<void, errc> connection::append(bytes part) { return framed(session_.append(part)); }

tl::expected<void, errc> connection::end() { return framed(session_.end()); }

void connection::refuse_reply(errc why) {
    part_with({why, session_.offset(), "the reply cannot be framed"});
}

void connection::part(close_reason::kind why) {
    if (state_ != state::open) return;
    state_ = state::closing;
    close_reason_.what = why;
}

void connection::part_with(wire_error error) {
    if (state_ == state::released) return;
    const auto code = error.code;
    if (close_reason_.what != close_reason::kind::by_error && !told_closed_) {
        loop_.counters().failed(code);
        close_reason_.what = close_reason::kind::by_error;
        error_ = std::make_unique<wire_error>(std::move(error));
    }
    if (state_ == state::open) state_ = state::closing;
    if (is_past_saving(code)) abort();
}

// Everything owed is sent: ends our side, and stays for the peer to notice.
void connection::finish() {
    tell_closed();
    const bool gone = ::shutdown(socket_.get(), SHUT_WR) != 0;
    if (session_.peer_finished() || gone) return release();
    state_ = state::lingering;
    linger_until_ = loop_.now() + linger_time;
}

void connection::throw_away() {
    auto& buffer = loop_.receive_buffer();
    const auto size = receive_some(socket_.get(), buffer);
    if (size > 0) thrown_away_ += static_cast<std::size_t>(size);
    const bool over = size == 0 || (size < 0 && !is_transient(errno));
    if (over || thrown_away_ >= thrown_away_max) release();
}

void connection::drain() {
    draining_ = true;
    readable_ = true;
    take_turn_soon();
}

void connection::abort() {
    if (state_ == state::released) return;
    if (!told_closed_ && state_ == state::open) close_reason_.what = close_reason::kind::by_drain;
    tell_closed();
    // Not for a connection that is only waiting for its peer to notice.
    if (state_ != state::lingering) reset_on_close(socket_.get());
    release();
}

void connection::tell_closed() {
    if (std::exchange(told_closed_, true) || watch() == nullptr) return;
    close_reason_.error = error_.get();
    watch()->closed(peer_, close_reason_);
    watch()->turn_ends();
}

void connection::release() {
    state_ = state::released;
    session_.drop_output();
    socket_.close();
    timed_hook::unlink();
    turn_hook::unlink();
    loop_.plan().open.fetch_sub(1);
    // We are inside one of our own functions.
    loop_.bury(*this);
}

time_point connection::look(time_point now) {
    if (state_ == state::lingering) {
        if (now < linger_until_) return linger_until_;
        release();
        return time_point::max();
    }
    session_.tick(now);
    const auto due = session_.deadline();
    if (now < due) return due;
    // What arrived in time counts, however late we look: it is read before the deadline is judged.
    readable_ = true;
    take_turn();
    if (state_ != state::released && session_.expire()) {
        part_with(*session_.failure());
        wait();
    }
    return state_ == state::released ? time_point::max() : session_.deadline();
}

}  // namespace framewire
