#include "real_exchange.hpp"

#include "framewire/net/server.hpp"
#include "framewire/session/session.hpp"
#include "framewire/transcript/printer.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <thread>
#include <utility>

namespace framewire {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using kind = transcript_line::kind;

constexpr auto told = asio::as_tuple(asio::use_awaitable);

// Nobody watches longer than this; replies beyond the size are more than a page shows.
constexpr std::chrono::seconds time_max{5};
constexpr std::size_t reply_bytes_max = 256 * KiB;

// What both ends have written down so far. Belongs to the page's loop.
struct both_ends {
    both_ends(const asio::any_io_executor& executor, const framing& frames)
        : socket(executor), changed(executor), outcome{{frames, {}}} {}

    tcp::socket socket;
    asio::steady_timer changed;  // waiting for it is waiting for news
    real_exchange outcome;
    transcript_printer server_printer{time_point{}};
    transcript_printer client_printer{time_point{}};
    std::uint64_t server_received = 0;
    bool server_is_done = false;
    bool client_is_done = false;

    void add(kind what, std::string text = {}) {
        auto& lines = outcome.conversation.lines;
        // What the server writes at once is one reply, however many calls it takes.
        if (what == kind::to_peer && !lines.empty() && lines.back().what == what) {
            lines.back().text += text;
        } else {
            lines.push_back({.what = what, .text = std::move(text)});
        }
    }
};

// Passes on what the server's thread says, in order.
class server_watch final : public observer {
public:
    explicit server_watch(std::shared_ptr<both_ends> to) : to_(std::move(to)) {}

    void received_bytes(const peer& /*who*/, bytes part) override {
        tell([text = std::string(part)](both_ends& ends) {
            ends.outcome.server += ends.server_printer.from_peer(text, time_point{});
            ends.server_received += text.size();
            ends.add(kind::from_peer, text);
        });
    }
    void received(const peer& /*who*/, const piece& part, std::uint64_t offset) override {
        tell([part, text = std::string(part.payload), offset](both_ends& ends) {
            auto kept = part;
            kept.payload = text;
            ends.outcome.server += ends.server_printer.frame(kept, offset);
        });
    }
    void skipped(const peer& /*who*/, std::uint64_t size, std::uint64_t offset) override {
        tell([=](both_ends& ends) {
            ends.outcome.server += ends.server_printer.skipped(size, offset);
        });
    }
    void peer_ended(const peer& /*who*/) override {
        tell([](both_ends& ends) {
            ends.outcome.server += ends.server_printer.peer_ended(time_point{});
            ends.add(kind::eof);
        });
    }
    void sent_bytes(const peer& /*who*/, bytes part) override {
        tell([text = std::string(part)](both_ends& ends) {
            ends.outcome.server += ends.server_printer.to_peer(text, time_point{});
            ends.add(kind::to_peer, text);
        });
    }
    void closed(const peer& /*who*/, const close_reason& why) override {
        const auto error = why.error == nullptr ? wire_error{} : *why.error;
        tell([what = why.what, error](both_ends& ends) {
            auto& said = ends.outcome.server;
            if (error.code == errc::frame_truncated) {
                said += ends.server_printer.peer_ended(time_point{});
                ends.add(kind::eof);
            }
            if (what == close_reason::kind::by_error) {
                said += ends.server_printer.failed(error, time_point{});
            } else if (what == close_reason::kind::by_peer) {
                said += ends.server_printer.finished();
            } else {
                said += "# the service closes the connection\n";
            }
            ends.server_is_done = true;
        });
    }

private:
    template <class Act>
    void tell(Act act) {
        asio::post(to_->changed.get_executor(), [to = to_, act = std::move(act)] {
            act(*to);
            to->changed.cancel();
        });
    }

    std::shared_ptr<both_ends> to_;
};

// The server runs on a thread of its own, until its owner goes.
class running {
public:
    explicit running(server one) : server_(std::move(one)), thread_([this] { server_.run(); }) {}
    running(const running&) = delete;
    running& operator=(const running&) = delete;
    ~running() {
        server_.stop();
        server_.stop();
        thread_.join();
    }

    [[nodiscard]] endpoint local() const { return server_.local(); }

private:
    server server_;
    std::thread thread_;
};

// Ends the client's reading with whoever owns it.
class closing {
public:
    explicit closing(tcp::socket& one) : socket_(one) {}
    closing(const closing&) = delete;
    closing& operator=(const closing&) = delete;
    ~closing() {
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

private:
    tcp::socket& socket_;
};

std::string print_said(session& replies, transcript_printer& printer) {
    std::string lines;
    while (const auto event = replies.next()) {
        switch (event->what) {
            case event::kind::frame: lines += printer.frame(event->part, event->offset); break;
            case event::kind::skipped:
                lines += printer.skipped(event->part.announced, event->offset);
                break;
            case event::kind::finished: lines += printer.finished(); break;
            case event::kind::failed:
                lines += printer.failed(*replies.failure(), time_point{});
                break;
        }
    }
    replies.hold();
    return lines;
}

asio::awaitable<void> hear_out(std::shared_ptr<both_ends> ends) {
    session replies(ends->outcome.conversation.framing, limits{}, delivery::whole, time_point{});
    auto& said = ends->outcome.client;
    std::size_t size_heard = 0;
    std::array<char, 16 * KiB> part{};
    while (!ends->client_is_done) {
        const auto [error, size] = co_await ends->socket.async_read_some(asio::buffer(part), told);
        if (error == asio::error::operation_aborted) break;
        size_heard += size;
        if (error == asio::error::eof) {
            said += ends->client_printer.peer_ended(time_point{});
            replies.receive_eof();
        } else if (error) {
            replies.receive_error(errc::io_reset, error.message());
        } else {
            said += ends->client_printer.from_peer({part.data(), size}, time_point{});
            replies.receive({part.data(), size});
        }
        said += print_said(replies, ends->client_printer);
        if (size_heard > reply_bytes_max) ends->outcome.remark = "there are too many replies";
        ends->client_is_done = error || size_heard > reply_bytes_max || replies.over();
    }
    ends->changed.cancel();
}

// Until something holds; false when it has taken too long.
template <class Condition>
asio::awaitable<bool> wait_until(both_ends& ends, asio::steady_timer::time_point latest,
                                 Condition holds) {
    while (!holds()) {
        if (asio::steady_timer::clock_type::now() >= latest) co_return false;
        ends.changed.expires_at(latest);
        co_await ends.changed.async_wait(told);
    }
    co_return true;
}

asio::awaitable<bool> converse(both_ends& ends, const transcript& sent) {
    const auto latest = asio::steady_timer::clock_type::now() + time_max;
    std::uint64_t size_sent = 0;
    for (const auto& line : sent.lines) {
        if (line.what != kind::from_peer) continue;
        ends.outcome.client += ends.client_printer.to_peer(line.text, time_point{});
        const auto [error, size] =
            co_await asio::async_write(ends.socket, asio::buffer(line.text), told);
        size_sent += size;
        const bool taken = co_await wait_until(ends, latest, [&] {
            return ends.server_received >= size_sent || ends.server_is_done;
        });
        if (!taken) co_return false;
        if (error || ends.server_is_done) {
            ends.outcome.client += "# the server has closed: the rest is not sent\n";
            break;
        }
    }
    boost::system::error_code ignored;
    ends.socket.shutdown(tcp::socket::shutdown_send, ignored);
    co_return co_await wait_until(ends, latest,
                                  [&] { return ends.server_is_done && ends.client_is_done; });
}

asio::awaitable<void> exchange(transcript sent, service_factory service,
                               result<real_exchange>& outcome) {
    const auto executor = co_await asio::this_coro::executor;
    const auto ends = std::make_shared<both_ends>(executor, sent.framing);
    server_watch watch(ends);
    server_settings settings;
    settings.watch = &watch;
    auto listening = server::listen(address{"127.0.0.1", 0, {}}, sent.framing, service, settings);
    if (!listening) {
        outcome = tl::unexpected(listening.error());
        co_return;
    }
    {
        const running server(*std::move(listening));
        const tcp::endpoint there(asio::ip::address_v4::loopback(), server.local().port);
        const auto [error] = co_await ends->socket.async_connect(there, told);
        if (error) {
            outcome = tl::unexpected(failure{"cannot connect: " + error.message()});
            co_return;
        }
        ends->socket.set_option(tcp::no_delay(true));
        asio::co_spawn(executor, hear_out(ends), asio::detached);
        const closing end(ends->socket);
        const bool ended = co_await converse(*ends, sent);
        if (!ended) ends->outcome.remark = "not over after 5 seconds: broken off";
    }
    // What the thread said last is in the loop's queue, in front of this.
    co_await asio::post(executor, asio::use_awaitable);
    outcome = std::move(ends->outcome);
}

}  // namespace

result<real_exchange> exchange_for_real(transcript sent, service_factory service,
                                        std::stop_token stop) {
    result<real_exchange> outcome = tl::unexpected(failure{"stopped"});
    asio::io_context loop(1);
    asio::co_spawn(loop, exchange(std::move(sent), std::move(service), outcome), asio::detached);
    const std::stop_callback on_stop(stop, [&] { loop.stop(); });
    loop.run();
    return outcome;
}

}  // namespace framewire
