#include "framewire/asio/stream.hpp"

#include "stream_implementation.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <limits>
#include <utility>
#include <vector>

namespace framewire {
namespace {

using clock = std::chrono::steady_clock;

// Sending must not prevent reading: the peer may be waiting for us to read.
limits without_queue(limits of) {
    of.queued_bytes_max = std::numeric_limits<std::size_t>::max();
    return of;
}

}  // namespace

stream::implementation::implementation(any_socket connected, endpoint remote,
                                       const framing& framed, stream_settings with,
                                       std::unique_ptr<transport> over)
    : socket(std::move(connected)),
      timer(socket.get_executor()),
      settings(with),
      session_(framed, without_queue(settings.limits), settings.mode, clock::now()),
      peer{0, local_endpoint(socket.native_handle()), std::move(remote),
           credentials_of(socket.native_handle())},
      moved(clock::now()),
      line(std::move(over)) {
    prepare_connection(socket.native_handle(), settings.limits.write_deadline);
    socket.non_blocking(true);
    if (!line) {
        note_opened();
        return;
    }
    output.emplace(*line);
    const auto allowed = line->allowance().time;
    if (allowed.count() != 0) handshake_due = clock::now() + allowed;
}

stream::stream(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
stream::stream(stream&&) noexcept = default;
stream& stream::operator=(stream&& other) noexcept {
    const stream closing(std::move(*this));  // as its destructor does
    self_ = std::move(other.self_);
    return *this;
}

stream::~stream() {
    if (!self_ || !self_->socket.is_open()) return;
    if (self_->sending) {
        reset_on_close(self_->socket.native_handle());
        return;
    }
    // A client closes at once: the side that connected decides when to end.
    if (!self_->accepted) {
        self_->close_wire();
        return;
    }
    self_->settings.observer = nullptr;  // may be gone before we are
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
    transport_factory make_transport;
    if (settings.tls != nullptr) {
        auto made = tls_client_transports(*settings.tls, where.host);
        if (!made) co_return tl::unexpected(made.error());
        make_transport = std::move(*made);
    }
    const auto candidates = resolve(where, false);
    if (!candidates) co_return tl::unexpected(candidates.error());
    std::vector<any_endpoint> endpoints;
    for (const auto& at : *candidates) endpoints.emplace_back(at.data(), at.size);

    auto socket = std::make_shared<any_socket>(executor);
    asio::steady_timer timer(executor);
    if (settings.connect_timeout.count() != 0) {
        timer.expires_after(settings.connect_timeout);
        timer.async_wait([socket](const system_error_code& error) {
            if (!error) socket->close();
        });
    }
    system_error_code error;
    co_await asio::async_connect(*socket, endpoints,
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
    auto remote = remote_endpoint(socket->native_handle());
    auto made =
        std::make_unique<implementation>(std::move(*socket), std::move(remote), frames.reversed(),
                                         settings, make_transport ? make_transport() : nullptr);
    if (auto done = co_await made->establish(); !done) {
        co_return tl::unexpected(failure{
            fmt::format("cannot connect to {}: {}", where.text(), done.error().message())});
    }
    co_return stream(std::move(made));
}

std::optional<stream> stream::adopt(const asio::any_io_executor& executor, int descriptor,
                                    endpoint remote, const framing& frames,
                                    stream_settings settings, std::unique_ptr<transport> over) {
    any_socket socket(executor);
    if (!assign(socket, descriptor)) return std::nullopt;
    auto taken = std::make_unique<implementation>(std::move(socket), std::move(remote), frames,
                                                  settings, std::move(over));
    taken->accepted = true;
    return stream(std::move(taken));
}

stream::awaitable<wire_result<bytes>> stream::receive() {
    const auto received = co_await self_->receive();
    if (!received) co_return tl::unexpected(received.error());
    co_return received->payload;
}
stream::awaitable<wire_result<piece>> stream::receive_piece() { return self_->receive(); }
stream::awaitable<wire_result<void>> stream::send(bytes payload) { return self_->send(payload); }
wire_result<void> stream::begin(std::uint64_t announced) { return self_->begin(announced); }
stream::awaitable<wire_result<void>> stream::append(bytes data) { return self_->append(data); }
stream::awaitable<wire_result<void>> stream::end() { return self_->end(); }
stream::awaitable<wire_result<bytes>> stream::request(bytes payload) {
    if (const auto sent = co_await send(payload); !sent) co_return tl::unexpected(sent.error());
    co_return co_await receive();
}
void stream::use(const framing& frames, direction which) {
    const bool is_turned = which == direction::both && !self_->accepted;
    self_->session_.use(is_turned ? frames.reversed() : frames, which);
    if (self_->settings.observer == nullptr) return;
    const auto from_here = self_->session_.frames_from_here();
    self_->settings.observer->on(self_->peer, occurred::changed_framing{from_here});
}
bool stream::ready() const noexcept {
    return self_->session_.can_continue() || !self_->ahead.empty() || self_->eof || self_->broken;
}
void stream::shutdown_send() { self_->shut_down(); }
const peer& stream::peer() const noexcept { return self_->peer; }
int stream::native_handle() const noexcept { return self_->socket.native_handle(); }

}  // namespace framewire
