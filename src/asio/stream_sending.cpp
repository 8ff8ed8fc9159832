#include "stream_implementation.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace framewire {

using clock = std::chrono::steady_clock;

stream::awaitable<wire_result<void>> stream::implementation::send(bytes payload) {
    session_.tick(clock::now());
    if (const auto queued = session_.send(payload); !queued) {
        co_return tl::unexpected(session_.rules()->sends.refusal(queued.error(), payload.size()));
    }
    sending = true;
    co_return co_await finish();
}

wire_result<void> stream::implementation::begin(std::uint64_t announced) {
    session_.tick(clock::now());
    if (const auto queued = session_.begin(announced); !queued) {
        return tl::unexpected(session_.rules()->sends.refusal(queued.error(), announced));
    }
    sending = true;
    return {};
}

stream::awaitable<wire_result<void>> stream::implementation::append(bytes data) {
    session_.tick(clock::now());
    if (const auto queued = session_.append(data); !queued) {
        co_return tl::unexpected(session_.rules()->sends.refusal(queued.error(), unknown_length));
    }
    co_return co_await flush();
}

stream::awaitable<wire_result<void>> stream::implementation::end() {
    session_.tick(clock::now());
    if (const auto queued = session_.end(); !queued) {
        co_return tl::unexpected(session_.rules()->sends.refusal(queued.error(), unknown_length));
    }
    co_return co_await finish();
}

// Sends the rest of an ended payload.
stream::awaitable<wire_result<void>> stream::implementation::finish() {
    auto sent = co_await flush();
    if (!sent) co_return sent;
    sending = false;
    moved = clock::now();
    timer.cancel();  // the reply timeout begins now
    co_return sent;
}

stream::awaitable<wire_result<void>> stream::implementation::flush() {
    while (!session_.output().empty()) {
        const auto next = next_output();
        if (!next) co_return tl::unexpected(next.error());
        if (next->empty()) {
            co_await wait_for_handshake();
            if (broken) co_return tl::unexpected(*broken);
            continue;
        }
        system_error_code error;
        const auto written = socket.send(asio::buffer(*next), 0, error);
        if (!error) {
            moved = clock::now();
            session_.tick(moved);
            const auto count = sent(written);
            if (settings.observer != nullptr && count > 0) {
                settings.observer->on(peer,
                                      occurred::sent_bytes{session_.output().substr(0, count)});
            }
            session_.sent(count);
        } else if (!is_transient(error)) {
            session_.drop_output();
            co_return tl::unexpected(from_system(error.value(), session_.offset()));
        } else if (!co_await wait_writable()) {
            co_return tl::unexpected(give_up());
        }
    }
    co_return wire_result<void>{};
}

// False if the peer accepted too little for too long. Its data is read ahead meanwhile, within
// bounds.
stream::awaitable<bool> stream::implementation::wait_writable() {
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer stuck(socket.get_executor(), session_.output_deadline());
    while (true) {
        const bool may_read =
            !eof && !broken && ahead.size() < settings.limits.assembled_bytes_max;
        auto writable = socket.async_wait(any_socket::wait_write, asio::use_awaitable);
        auto late = stuck.async_wait(asio::use_awaitable);
        if (!may_read) co_return (co_await (std::move(writable) || std::move(late))).index() == 0;
        const auto first =
            co_await (std::move(writable) || std::move(late) ||
                      socket.async_wait(any_socket::wait_read, asio::use_awaitable));
        if (first.index() != 2) co_return first.index() == 0;
        read_ahead();
    }
}

wire_error stream::implementation::give_up() {
    broken = session_.output_timeout();
    session_.drop_output();
    // Wakes a waiting `receive`; the reset follows when the stream is destroyed.
    reset_on_close(socket.native_handle());
    system_error_code ignored;
    socket.shutdown(any_socket::shutdown_both, ignored);
    return *broken;
}

void stream::implementation::shut_down() {
    close_wire();
    system_error_code ignored;
    socket.shutdown(any_socket::shutdown_send, ignored);
}

}  // namespace framewire
