#include "framewire/net/stream.hpp"

#include "framewire/session/session.hpp"
#include "sockets.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace framewire {
namespace {

using clock = std::chrono::steady_clock;

time_point after(std::chrono::milliseconds duration) {
    return duration.count() == 0 ? time_point::max() : clock::now() + duration;
}

// What is being sent must not keep us from reading: the peer may be waiting for just that.
limits without_queue(limits of) {
    of.queued_bytes_max = std::numeric_limits<std::size_t>::max();
    return of;
}

}  // namespace

struct stream::implementation {
    implementation(any_socket connected, const framing& framed, stream_settings with)
        : socket(std::move(connected)),
          timer(socket.get_executor()),
          settings(with),
          frames(framed),
          session_(framed, without_queue(with.limits), delivery::whole, clock::now()),
          ends{0, local_endpoint(socket.native_handle()),
               remote_endpoint(socket.native_handle())} {
        prepare_connection(socket.native_handle());
        socket.non_blocking(true);
        if (settings.watch != nullptr) settings.watch->opened(ends);
    }

    awaitable<wire_result<bytes>> receive();
    awaitable<wire_result<void>> send(bytes payload);
    void end();

    wire_result<bytes> heard(const event& said) const;
    awaitable<bool> wait_readable(time_point until);
    awaitable<void> wait_until(time_point until);
    awaitable<bool> wait_writable();
    static awaitable<void> linger(std::unique_ptr<implementation> self);
    bool read_into(std::string& buffer);
    void take_input();
    wire_error current_error() const;

    any_socket socket;
    asio::steady_timer timer;
    stream_settings settings;
    framing frames;
    session session_;
    peer ends;
    std::string input;  // what the session is decoding
    std::string ahead;  // what was read while sending
    bool eof = false;
    bool accepted = false;  // by a listener: ours is the server's end
    std::optional<wire_error> broken;
};

stream::awaitable<wire_result<bytes>> stream::implementation::receive() {
    const auto until = after(settings.timeout);
    while (true) {
        session_.tick(clock::now());
        if (const auto said = session_.next()) co_return heard(*said);
        if (session_.over()) co_return tl::unexpected(current_error());
        const bool can_take = session_.wants_input();
        if (can_take && (!ahead.empty() || eof || broken)) {
            take_input();
            continue;
        }
        const auto patience = std::min(until, session_.deadline());
        if (!can_take) {
            co_await wait_until(patience);
        } else if (co_await wait_readable(patience)) {
            read_into(ahead);
            continue;
        }
        session_.tick(clock::now());
        if (!session_.expire() && clock::now() >= until) {
            co_return tl::unexpected(
                wire_error{errc::io_timeout_reply, session_.offset(),
                           fmt::format("no reply within {}", format_duration(settings.timeout))});
        }
    }
}

wire_result<bytes> stream::implementation::heard(const event& said) const {
    if (said.what == event::kind::frame) {
        if (settings.watch != nullptr) settings.watch->received(ends, said.part, said.offset);
        return said.part.payload;
    }
    if (said.what == event::kind::skipped) {
        if (settings.watch != nullptr) {
            settings.watch->skipped(ends, said.part.announced, said.offset);
        }
        return tl::unexpected(
            wire_error{errc::frame_too_large, said.offset,
                       fmt::format("a frame of {} was skipped", said.part.announced)});
    }
    if (settings.watch != nullptr && said.what == event::kind::finished) {
        settings.watch->peer_ended(ends);
    }
    const auto error = current_error();
    if (settings.watch != nullptr) {
        const bool failed = said.what == event::kind::failed;
        settings.watch->parted(ends,
                               {failed ? parting::reason::by_error : parting::reason::by_peer,
                                failed ? &error : nullptr});
    }
    return tl::unexpected(error);
}

wire_error stream::implementation::current_error() const {
    return session_.failure().value_or(
        wire_error{errc::io_closed, session_.offset(), "the peer closed the connection"});
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

// False if nothing came until then.
stream::awaitable<bool> stream::implementation::wait_readable(time_point until) {
    using namespace asio::experimental::awaitable_operators;
    if (until == time_point::max()) {
        co_await socket.async_wait(any_socket::wait_read, asio::use_awaitable);
        co_return true;
    }
    timer.expires_at(until);
    const auto first = co_await (socket.async_wait(any_socket::wait_read, asio::use_awaitable) ||
                                 timer.async_wait(asio::use_awaitable));
    co_return first.index() == 0;
}

stream::awaitable<void> stream::implementation::wait_until(time_point until) {
    timer.expires_at(until);
    co_await timer.async_wait(asio::use_awaitable);
}

// Appends what has arrived; false if nothing more will come.
bool stream::implementation::read_into(std::string& buffer) {
    constexpr std::size_t read_bytes = 64 * KiB;
    const auto size = buffer.size();
    buffer.resize(size + read_bytes);
    system_error_code error;
    const auto received = socket.receive(asio::buffer(buffer.data() + size, read_bytes), 0, error);
    buffer.resize(size + received);
    if (settings.watch != nullptr && received > 0) {
        settings.watch->received_bytes(ends, bytes(buffer).substr(size));
    }
    if (error == asio::error::eof) eof = true;
    if (error && !eof && !is_transient(error)) broken = from_system(error, session_.offset());
    return !eof && !broken;
}

stream::awaitable<wire_result<void>> stream::implementation::send(bytes payload) {
    session_.tick(clock::now());
    if (const auto queued = session_.send(payload); !queued) {
        const auto* why = queued.error() == errc::frame_utf8 ? " is not UTF-8 and" : "";
        co_return tl::unexpected(
            wire_error{queued.error(), 0,
                       fmt::format("a payload of {} bytes{} cannot be framed by {}",
                                   payload.size(), why, frames.spec())});
    }
    while (!session_.output().empty()) {
        system_error_code error;
        const auto sent = socket.send(asio::buffer(session_.output()), 0, error);
        if (!error) {
            if (settings.watch != nullptr) {
                settings.watch->sent_bytes(ends, session_.output().substr(0, sent));
            }
            session_.tick(clock::now());
            session_.sent(sent);
            continue;
        }
        if (!is_transient(error)) {
            session_.drop_output();
            co_return tl::unexpected(from_system(error, session_.offset()));
        }
        if (co_await wait_writable()) continue;
        broken = wire_error{
            errc::io_timeout_write, session_.offset(),
            fmt::format("the peer took none of {} bytes within {}", session_.output().size(),
                        format_duration(settings.limits.write_deadline))};
        session_.drop_output();
        // Wakes whoever receives; the reset follows when the stream is destroyed.
        reset_on_close(socket.native_handle());
        socket.shutdown(any_socket::shutdown_both, error);
        co_return tl::unexpected(*broken);
    }
    co_return wire_result<void>{};
}

// False if the peer took nothing for too long. What it sends meanwhile is read ahead, within
// bounds.
stream::awaitable<bool> stream::implementation::wait_writable() {
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer stuck(socket.get_executor(), after(settings.limits.write_deadline));
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
        read_into(ahead);
    }
}

// Ends our side, and throws away what still comes.
stream::awaitable<void> stream::implementation::linger(std::unique_ptr<implementation> self) {
    self->end();
    const auto until = clock::now() + linger_time;
    std::size_t thrown_away = 0;
    while (thrown_away < thrown_away_max && !self->eof && !self->broken) {
        if (!co_await self->wait_readable(until)) break;
        self->ahead.clear();
        self->read_into(self->ahead);
        thrown_away += self->ahead.size();
    }
}

void stream::implementation::end() {
    system_error_code ignored;
    socket.shutdown(any_socket::shutdown_send, ignored);
}

stream::stream(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
stream::stream(stream&&) noexcept = default;
stream& stream::operator=(stream&& other) noexcept {
    const stream parting(std::move(*this));  // as its destructor does
    self_ = std::move(other.self_);
    return *this;
}

stream::~stream() {
    // A client leaves at once: whoever connected decides when it is over.
    if (!self_ || !self_->accepted || !self_->socket.is_open()) return;
    self_->settings.watch = nullptr;  // may be gone before we are
    const auto executor = self_->socket.get_executor();
    asio::co_spawn(executor, implementation::linger(std::move(self_)),
                   [](const std::exception_ptr& /*thrown*/) {});
}

stream::awaitable<result<stream>> stream::connect(std::string_view address_text,
                                                  std::string_view framing_text,
                                                  stream_settings settings) {
    const auto where = address::parse(address_text);
    if (!where) co_return tl::unexpected(where.error());
    const auto frames = framing::parse(framing_text);
    if (!frames) co_return tl::unexpected(frames.error());
    co_return co_await connect(*where, *frames, settings);
}

stream::awaitable<result<stream>> stream::connect(address where, framing frames,
                                                  stream_settings settings) {
    const auto executor = co_await asio::this_coro::executor;
    const auto candidates = resolve(where, false);
    if (!candidates) co_return tl::unexpected(candidates.error());

    auto socket = std::make_shared<any_socket>(executor);
    asio::steady_timer timer(executor);
    if (settings.connect_timeout.count() != 0) {
        timer.expires_after(settings.connect_timeout);
        timer.async_wait([socket](const system_error_code& error) {
            if (!error) socket->close();
        });
    }
    system_error_code error;
    co_await asio::async_connect(*socket, *candidates,
                                 asio::redirect_error(asio::use_awaitable, error));
    timer.cancel();
    if (error || !socket->is_open()) {
        const bool late = !socket->is_open();
        const bool refused = error == asio::error::connection_refused;
        co_return tl::unexpected(
            failure{fmt::format("cannot connect to {}: {}", where.text(),
                                late ? "no answer in time" : system_words(error.value())),
                    refused ? "is the server running, and is this its port?" : ""});
    }
    co_return stream(std::make_unique<implementation>(std::move(*socket), frames, settings));
}

std::optional<stream> stream::adopt(const asio::any_io_executor& executor, int descriptor,
                                    const framing& frames, stream_settings settings) {
    any_socket socket(executor);
    if (!assign(socket, descriptor)) return std::nullopt;
    auto taken = std::make_unique<implementation>(std::move(socket), frames, settings);
    taken->accepted = true;
    return stream(std::move(taken));
}

stream::awaitable<wire_result<bytes>> stream::receive() { return self_->receive(); }
stream::awaitable<wire_result<void>> stream::send(bytes payload) { return self_->send(payload); }
stream::awaitable<wire_result<bytes>> stream::ask(bytes payload) {
    if (const auto sent = co_await send(payload); !sent) co_return tl::unexpected(sent.error());
    co_return co_await receive();
}
bool stream::ready() const noexcept {
    return self_->session_.can_go_on() || !self_->ahead.empty() || self_->eof || self_->broken;
}
void stream::finish_sending() { self_->end(); }
const peer& stream::ends() const noexcept { return self_->ends; }
int stream::native_handle() const noexcept { return self_->socket.native_handle(); }

}  // namespace framewire
