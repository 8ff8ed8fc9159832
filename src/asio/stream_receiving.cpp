#include "stream_implementation.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace framewire {

using clock = std::chrono::steady_clock;

stream::awaitable<wire_result<piece>> stream::implementation::receive() {
    const auto waiting_since = clock::now();
    while (true) {
        session_.tick(clock::now());
        if (const auto found = session_.next()) co_return result_of(*found);
        if (session_.over()) co_return tl::unexpected(current_error());
        const bool can_take = session_.wants_input();
        // However late we are, input that arrived in time counts: read before checking deadlines.
        if (can_take && ahead.empty() && !eof && !broken) read_ahead();
        if (can_take && (!ahead.empty() || eof || broken)) {
            take_input();
            continue;
        }
        if (session_.expire() || expire_handshake()) continue;
        const auto until = reply_deadline(waiting_since);
        if (clock::now() >= until) {
            co_return tl::unexpected(
                wire_error{errc::io_timeout_reply, session_.offset(),
                           fmt::format("no reply within {}", format_duration(settings.timeout))});
        }
        timer.expires_at(std::min({until, session_.deadline(), handshake_due}));
        if (can_take) {
            co_await wait_readable();
        } else {
            co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        }
    }
}

wire_result<piece> stream::implementation::result_of(const event& found) const {
    if (found.what == event::kind::frame) {
        if (settings.observer != nullptr)
            settings.observer->on(peer, occurred::received{found.piece, found.offset});
        return found.piece;
    }
    if (found.what == event::kind::skipped) {
        if (settings.observer != nullptr) {
            settings.observer->on(peer, occurred::skipped{found.piece.announced, found.offset});
        }
        return tl::unexpected(
            wire_error{errc::frame_too_large, found.offset,
                       fmt::format("a frame of {} was skipped", found.piece.announced)});
    }
    if (settings.observer != nullptr && found.what == event::kind::finished) {
        settings.observer->on(peer, occurred::peer_ended{});
    }
    const auto error = current_error();
    if (settings.observer != nullptr) {
        const bool failed = found.what == event::kind::failed;
        settings.observer->on(peer, occurred::closed{{failed ? close_reason::kind::by_error
                                                             : close_reason::kind::by_peer,
                                                      failed ? session_.failure() : nullptr}});
    }
    return tl::unexpected(error);
}

wire_error stream::implementation::current_error() const {
    if (const auto* const failure = session_.failure()) return *failure;
    return {errc::io_closed, session_.offset(), "the peer closed the connection"};
}

// Reads what has arrived, without waiting.
void stream::implementation::read_ahead() {
    constexpr std::size_t read_bytes = 64 * KiB;
    auto& into = line ? wire : ahead;
    const auto size = into.size();
    into.resize(size + read_bytes);
    system_error_code error;
    const auto received = socket.receive(asio::buffer(into.data() + size, read_bytes), 0, error);
    into.resize(size + received);
    const auto before = ahead.size() - (line ? 0 : received);
    if (received > 0) moved = clock::now();
    if (line) receive_wire();
    if (settings.observer != nullptr && ahead.size() > before) {
        settings.observer->on(peer, occurred::received_bytes{bytes(ahead).substr(before)});
    }
    if (error == asio::error::eof) line ? receive_eof_of_wire() : void(eof = true);
    if (error && error != asio::error::eof && !is_transient(error)) {
        broken = from_system(error.value(), session_.offset());
    }
}

// Data that was read precedes the stream's end.
void stream::implementation::take_input() {
    if (!ahead.empty()) {
        input.swap(ahead);
        ahead.clear();
        session_.receive(input);
    } else if (broken) {
        session_.receive_error(broken->code, broken->words);
    } else if (truncation && session_.inside_frame()) {
        session_.receive_error(truncation->code, truncation->words);
    } else {
        session_.receive_eof();
    }
}

// Returns also when the timer expires.
stream::awaitable<void> stream::implementation::wait_readable() {
    using namespace asio::experimental::awaitable_operators;
    constexpr auto outcome = asio::as_tuple(asio::use_awaitable);
    co_await (socket.async_wait(any_socket::wait_read, outcome) || timer.async_wait(outcome));
}

time_point stream::implementation::reply_deadline(time_point waiting_since) const noexcept {
    if (sending || settings.timeout.count() == 0) return time_point::max();
    return std::max(waiting_since, moved) + settings.timeout;
}

// Shuts down our side, and discards further input.
stream::awaitable<void> stream::implementation::linger(std::unique_ptr<implementation> self) {
    self->shut_down();
    const auto until = clock::now() + linger_time;
    std::size_t discarded = 0;
    while (discarded < discarded_bytes_max && !self->eof && !self->broken) {
        self->timer.expires_at(until);
        co_await self->wait_readable();
        if (clock::now() >= until) break;
        self->ahead.clear();
        self->read_ahead();
        discarded += self->ahead.size();
    }
}

}  // namespace framewire
