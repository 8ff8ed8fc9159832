// A stream whose bytes go through a transport.

#include "stream_implementation.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

namespace framewire {

using clock = std::chrono::steady_clock;

// None: the transport has to be established first.
wire_result<bytes> stream::implementation::next_output() {
    if (!line) return session_.output();
    return output->next(session_.output());
}

std::size_t stream::implementation::sent(std::size_t size) {
    return line ? output->sent(size) : size;
}

// What the transport answers is sent at once, or with what is sent next.
void stream::implementation::receive_wire() {
    if (wire.empty()) return;
    const bool was_established = line->established();
    const auto taken = line->receive(wire, ahead);
    wire.clear();
    if (!was_established && line->established()) note_opened();
    if (line->peer_finished()) eof = true;
    send_now();
    if (!taken && !broken) broken = taken.error();
}

void stream::implementation::receive_eof_of_wire() {
    const auto ended = line->receive_eof();
    const bool in_time = line->established();
    if (!ended && in_time) truncation = ended.error();
    if (!ended && !in_time && !broken) broken = ended.error();
    eof = true;
}

void stream::implementation::note_opened() {
    handshake_due = time_point::max();
    if (line) peer.tls = line->identity().tls;
    if (settings.observer != nullptr) settings.observer->on(peer, occurred::opened{});
}

void stream::implementation::send_now() {
    if (line->output().empty()) return;
    system_error_code error;
    const auto size = socket.send(asio::buffer(line->output()), 0, error);
    const auto count = error ? 0 : output->sent(size);
    if (count > 0) session_.sent(count);
}

// Ends our stream, as far as the system takes that now.
void stream::implementation::close_wire() {
    if (!line || !line->established()) return;
    line->close();
    send_now();
}

// True if it takes too long.
bool stream::implementation::expire_handshake() {
    if (is_established() || broken || clock::now() < handshake_due) return false;
    const auto allowed = line->allowance();
    broken = wire_error{
        allowed.late, 0,
        fmt::format("no transport was established within {}", format_duration(allowed.time))};
    return true;
}

stream::awaitable<void> stream::implementation::wait_for_handshake() {
    using namespace asio::experimental::awaitable_operators;
    constexpr auto outcome = asio::as_tuple(asio::use_awaitable);
    asio::steady_timer late(socket.get_executor(), handshake_due);
    co_await (socket.async_wait(any_socket::wait_read, outcome) || late.async_wait(outcome));
    if (is_established() || broken) co_return;
    read_ahead();
    (void)expire_handshake();
}

stream::awaitable<wire_result<void>> stream::implementation::establish() {
    if (line) send_now();
    while (!is_established() && !broken) co_await wait_for_handshake();
    if (!is_established()) co_return tl::unexpected(*broken);
    co_return wire_result<void>{};
}

}  // namespace framewire
