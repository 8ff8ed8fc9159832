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
    const auto asked = clock::now();
    while (true) {
        session_.tick(clock::now());
        if (const auto said = session_.next()) co_return heard(*said);
        if (session_.over()) co_return tl::unexpected(current_error());
        const bool can_take = session_.wants_input();
        // What arrived in time counts, however late we look: it is read before time is judged.
        if (can_take && ahead.empty() && !eof && !broken) read_ahead();
        if (can_take && (!ahead.empty() || eof || broken)) {
            take_input();
            continue;
        }
        if (session_.expire()) continue;
        const auto until = patience(asked);
        if (clock::now() >= until) {
            co_return tl::unexpected(
                wire_error{errc::io_timeout_reply, session_.offset(),
                           fmt::format("no reply within {}", format_duration(settings.timeout))});
        }
        timer.expires_at(std::min(until, session_.deadline()));
        if (can_take) {
            co_await wait_readable();
        } else {
            co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        }
    }
}

wire_result<piece> stream::implementation::heard(const event& said) const {
    if (said.what == event::kind::frame) {
        if (settings.observer != nullptr)
            settings.observer->received(ends, said.piece, said.offset);
        return said.piece;
    }
    if (said.what == event::kind::skipped) {
        if (settings.observer != nullptr) {
            settings.observer->skipped(ends, said.piece.announced, said.offset);
        }
        return tl::unexpected(
            wire_error{errc::frame_too_large, said.offset,
                       fmt::format("a frame of {} was skipped", said.piece.announced)});
    }
    if (settings.observer != nullptr && said.what == event::kind::finished) {
        settings.observer->peer_ended(ends);
    }
    const auto error = current_error();
    if (settings.observer != nullptr) {
        const bool failed = said.what == event::kind::failed;
        settings.observer->closed(
            ends, {failed ? close_reason::kind::by_error : close_reason::kind::by_peer,
                   failed ? session_.failure() : nullptr});
    }
    return tl::unexpected(error);
}

wire_error stream::implementation::current_error() const {
    if (const auto* const failure = session_.failure()) return *failure;
    return {errc::io_closed, session_.offset(), "the peer closed the connection"};
}

// What has arrived, if anything has.
void stream::implementation::read_ahead() {
    constexpr std::size_t read_bytes = 64 * KiB;
    const auto size = ahead.size();
    ahead.resize(size + read_bytes);
    system_error_code error;
    const auto received = socket.receive(asio::buffer(ahead.data() + size, read_bytes), 0, error);
    ahead.resize(size + received);
    if (received > 0) moved = clock::now();
    if (settings.observer != nullptr && received > 0) {
        settings.observer->received_bytes(ends, bytes(ahead).substr(size));
    }
    if (error == asio::error::eof) eof = true;
    if (error && !eof && !is_transient(error))
        broken = from_system(error.value(), session_.offset());
}

// Gives the session what has been read; an end is told only after everything before it.
void stream::implementation::take_input() {
    if (!ahead.empty()) {
        input.swap(ahead);
        ahead.clear();
        session_.receive(input);
    } else if (broken) {
        session_.receive_error(broken->code, broken->words);
    } else {
        session_.receive_eof();
    }
}

// Or until the timer ends.
stream::awaitable<void> stream::implementation::wait_readable() {
    using namespace asio::experimental::awaitable_operators;
    constexpr auto outcome = asio::as_tuple(asio::use_awaitable);
    co_await (socket.async_wait(any_socket::wait_read, outcome) || timer.async_wait(outcome));
}

// When a peer that is silent has been so for too long.
time_point stream::implementation::patience(time_point asked) const noexcept {
    if (sending || settings.timeout.count() == 0) return time_point::max();
    return std::max(asked, moved) + settings.timeout;
}

// Ends our side, and throws away what still comes.
stream::awaitable<void> stream::implementation::linger(std::unique_ptr<implementation> self) {
    self->shut_down();
    const auto until = clock::now() + linger_time;
    std::size_t thrown_away = 0;
    while (thrown_away < thrown_away_max && !self->eof && !self->broken) {
        self->timer.expires_at(until);
        co_await self->wait_readable();
        if (clock::now() >= until) break;
        self->ahead.clear();
        self->read_ahead();
        thrown_away += self->ahead.size();
    }
}

}  // namespace framewire
