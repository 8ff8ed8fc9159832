#include "real_exchange.hpp"

#include "framewire/core/units.hpp"
#include "framewire/transcript/player.hpp"
#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/session_target.hpp"
#include "io/sockets.hpp"
#include "recorded_server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace framewire {
namespace {

// No one watches longer than this; a page shows no more replies than this size.
constexpr std::chrono::seconds time_max{5};
constexpr std::size_t read_bytes_max = 256 * KiB;

constexpr auto too_late = "not over after 5 seconds: broken off";

// The server's peer: a plain socket, a session for the replies, and a console.
class real_client final : public play_target {
public:
    real_client(recorded_server& server, const std::stop_token& stop)
        : server_(server), stop_(stop), replies_(server.conversation().framing.reversed()) {}

    result<void> connect() {
        const auto cannot = [](int error) {
            return tl::unexpected(failure{"cannot connect: " + system_words(error)});
        };
        const auto there = resolve({server_.local().host, server_.local().port, {}}, false);
        if (!there) return tl::unexpected(there.error());
        const auto& at = there->front();
        socket_ = owned_descriptor(::socket(at.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (!socket_.is_open() || ::connect(socket_.get(), at.data(), at.size) != 0 ||
            ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK) != 0) {
            return cannot(errno);
        }
        prepare_connection(socket_.get());
        return {};
    }

    // The server has its own clock, and its results are displayed, so nothing is expected.
    result<void> perform(const action& todo, player& /*watching*/) override {
        if (todo.what != action::kind::send || is_refused_) return {};
        return send(todo.data);
    }

    /// Sends no more, and reads until both ends are closed.
    result<void> finish() {
        ::shutdown(socket_.get(), SHUT_WR);
        return exchange_until([this] { return server_.has_closed() && is_closed_; });
    }

    void close() noexcept { socket_.close(); }
    [[nodiscard]] const std::string& console() const noexcept { return console_; }
    [[nodiscard]] bool has_too_many_replies() const noexcept {
        return reply_bytes_ > read_bytes_max;
    }

private:
    // The next chunk may be sent only after the server has read this one.
    result<void> send(bytes data) {
        console_ += printer_.to_peer(data, time_point{});
        unsent_ = data;
        auto taken = exchange_until([this] {
            const bool is_taken = unsent_.empty() && server_.bytes_received() >= bytes_sent_;
            return is_taken || server_.has_closed();
        });
        unsent_ = {};
        if (!taken || (!is_refused_ && !server_.has_closed())) return taken;
        console_ += "# the server has closed: the rest is not sent\n";
        is_refused_ = true;
        return {};
    }

    // Sends pending data and reads replies, until the condition holds.
    template <class Condition>
    result<void> exchange_until(Condition holds) {
        while (!holds()) {
            if (stop_.stop_requested()) return tl::unexpected(failure{"stopped"});
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(
                latest_ - std::chrono::steady_clock::now());
            if (left.count() <= 0) return tl::unexpected(failure{too_late});
            const bool is_used = !is_closed_ || !unsent_.empty();
            const int wanted = (is_closed_ ? 0 : POLLIN) | (unsent_.empty() ? 0 : POLLOUT);
            std::array<pollfd, 2> ready{
                {{is_used ? socket_.get() : -1, static_cast<short>(wanted), 0},
                 {server_.changed(), POLLIN, 0}}};
            if (::poll(ready.data(), ready.size(), static_cast<int>(left.count())) <= 0) continue;
            if (ready[1].revents != 0) server_.take_changes();
            if (ready[0].revents == 0) continue;
            if (!unsent_.empty()) write();
            if (!is_closed_) read();
        }
        return {};
    }

    void write() {
        const auto size = send_some(socket_.get(), unsent_);
        if (size >= 0) {
            bytes_sent_ += static_cast<std::uint64_t>(size);
            unsent_.remove_prefix(static_cast<std::size_t>(size));
        } else if (!is_transient(errno)) {
            unsent_ = {};
            is_refused_ = true;
        }
    }

    void read() {
        std::array<char, 16 * KiB> buffer{};
        const auto size = receive_some(socket_.get(), buffer);
        if (size < 0 && is_transient(errno)) return;
        if (size > 0) {
            const bytes data(buffer.data(), static_cast<std::size_t>(size));
            console_ += printer_.from_peer(data, time_point{});
            reply_bytes_ += data.size();
            replies_.apply({.what = action::kind::send, .data = data});
        } else if (size == 0) {
            console_ += printer_.peer_ended(time_point{});
            replies_.apply({.what = action::kind::end});
        } else {
            replies_.receiver().receive_error(errc::io_reset, system_words(errno));
        }
        while (const auto happened = replies_.next()) {
            console_ += printer_.event(*happened, replies_.receiver().failure(), time_point{});
        }
        is_closed_ = size <= 0 || has_too_many_replies() || replies_.receiver().over();
    }

    recorded_server& server_;
    const std::stop_token& stop_;
    session_target replies_;
    transcript_printer printer_{time_point{}};
    std::string console_;
    owned_descriptor socket_;
    time_point latest_ = std::chrono::steady_clock::now() + time_max;
    bytes unsent_;
    std::uint64_t bytes_sent_ = 0;
    std::size_t reply_bytes_ = 0;
    bool is_refused_ = false;  // the server accepts no more
    bool is_closed_ = false;   // there is nothing more to read
};

}  // namespace

result<real_exchange> exchange_for_real(const transcript& sent, const service_factory& service,
                                        const std::stop_token& stop) {
    recorded_server server(sent.framing);
    if (auto started = server.start(service); !started) return tl::unexpected(started.error());
    const std::stop_callback wake(stop, [&] { server.signal_change(); });
    real_client client(server, stop);
    if (auto connected = client.connect(); !connected) return tl::unexpected(connected.error());
    player chunks(sent, {.compares_events = false});
    const auto ended = play(chunks, client).and_then([&] { return client.finish(); });
    client.close();
    server.stop();
    if (stop.stop_requested()) return tl::unexpected(failure{"stopped"});
    std::string remark = client.has_too_many_replies() ? "there are too many replies" : "";
    if (!ended) remark = ended.error().message();
    return real_exchange{server.conversation(), client.console(), server.console(),
                         std::move(remark)};
}

}  // namespace framewire
