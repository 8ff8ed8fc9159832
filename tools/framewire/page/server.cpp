#include "server.hpp"

#include "answers.hpp"
#include "cli/print.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <csignal>
#include <list>
#include <memory>
#include <utility>

namespace framewire {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr auto told = asio::as_tuple(asio::use_awaitable);

// A form is text that a person writes; a browser's headers are below a few KiB.
constexpr std::size_t body_bytes_max = 64 * KiB;
constexpr std::uint32_t header_bytes_max = 16 * KiB;
// For a request from its first byte to its last, an answer, and the silence between.
constexpr std::chrono::seconds patience{10};
// A browser opens six.
constexpr std::size_t peers_max = 64;

// What is wrong with a request, or nothing where there is nobody to be told.
page_response judge(const beast::error_code& error) {
    if (error == http::error::body_limit) {
        return page_answers::refuse(http::status::payload_too_large, "the form is too large");
    }
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return page_answers::refuse(http::status::request_header_fields_too_large,
                                    "the header is too large");
    }
    return page_answers::refuse(http::status::bad_request, "this is no HTTP request");
}

bool is_malformed(const beast::error_code& error) {
    const beast::error_code example = http::error::bad_method;
    return error.category() == example.category() && error != http::error::end_of_stream &&
           error != http::error::partial_message;
}

class page_server {
public:
    page_server(tcp::acceptor acceptor, page_answers answers)
        : acceptor_(std::move(acceptor)), answers_(std::move(answers)) {}

    asio::awaitable<void> accept() {
        while (acceptor_.is_open()) {
            auto [error, socket] = co_await acceptor_.async_accept(told);
            if (error == asio::error::operation_aborted) break;
            if (error) {
                co_await wait_a_moment();
            } else if (peers_.size() < peers_max) {
                serve(std::move(socket));
            }
        }
    }

    void stop() {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        for (auto& one : peers_) {
            one.stop.emit(asio::cancellation_type::terminal);
            one.stream.close();
        }
    }

private:
    struct peer_stream {
        explicit peer_stream(tcp::socket socket) : stream(std::move(socket)) {}
        beast::tcp_stream stream;
        asio::cancellation_signal stop;
    };

    void serve(tcp::socket socket) {
        const auto one = peers_.emplace(peers_.end(), std::move(socket));
        asio::co_spawn(acceptor_.get_executor(), answer_all(one->stream),
                       asio::bind_cancellation_slot(
                           one->stop.slot(), [this, one](const std::exception_ptr& /*ended*/) {
                               peers_.erase(one);
                           }));
    }

    asio::awaitable<void> answer_all(beast::tcp_stream& stream) {
        beast::flat_buffer buffer(header_bytes_max + body_bytes_max);
        for (bool goes_on = true; goes_on;) {
            http::request_parser<http::string_body> parser;
            parser.header_limit(header_bytes_max);
            parser.body_limit(body_bytes_max);
            stream.expires_after(patience);
            const auto [error, size] = co_await http::async_read(stream, buffer, parser, told);
            if (error && !is_malformed(error)) break;
            page_response response;  // GCC 12 miscompiles `co_await` in a conditional expression.
            if (error) {
                response = judge(error);
            } else {
                response = co_await answers_.answer(parser.get());
            }
            goes_on = !error && parser.get().keep_alive();
            const bool only_head = !error && parser.get().method() == http::verb::head;
            response.keep_alive(goes_on);
            const bool written = co_await write(stream, response, only_head);
            goes_on = written && goes_on;
        }
        co_await part(stream);
    }

    static asio::awaitable<bool> write(beast::tcp_stream& stream, page_response& response,
                                       bool only_head) {
        response.prepare_payload();
        stream.expires_after(patience);
        http::response_serializer<http::string_body> serializer(response);
        serializer.split(only_head);
        if (only_head) {
            const auto [error, size] = co_await http::async_write_header(stream, serializer, told);
            co_return !error;
        }
        const auto [error, size] = co_await http::async_write(stream, serializer, told);
        co_return !error;
    }

    // What was not read would reset the connection, and take our answer with it.
    static asio::awaitable<void> part(beast::tcp_stream& stream) {
        beast::error_code error;
        stream.socket().shutdown(tcp::socket::shutdown_send, error);
        std::array<char, 4096> unread{};
        std::size_t size_max = 4 * body_bytes_max;
        stream.expires_after(std::chrono::seconds(1));
        while (!error && size_max > 0) {
            const auto [ended, size] = co_await stream.async_read_some(asio::buffer(unread), told);
            error = ended;
            size_max -= std::min(size, size_max);
        }
    }

    // The system is out of descriptors; those that are open will end.
    asio::awaitable<void> wait_a_moment() {
        asio::steady_timer timer(acceptor_.get_executor(), std::chrono::milliseconds(100));
        co_await timer.async_wait(told);
    }

    tcp::acceptor acceptor_;
    page_answers answers_;
    std::list<peer_stream> peers_;
};

result<tcp::acceptor> listen(asio::io_context& loop, std::uint16_t port) {
    const tcp::endpoint here(asio::ip::address_v4::loopback(), port);
    boost::system::error_code error;
    tcp::acceptor acceptor(loop);
    (void)acceptor.open(here.protocol(), error);
    if (!error) (void)acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) (void)acceptor.bind(here, error);
    if (!error) (void)acceptor.listen(tcp::acceptor::max_listen_connections, error);
    if (!error) return acceptor;
    return tl::unexpected(failure{
        fmt::format("cannot listen on 127.0.0.1:{}: {}", port, system_words(error.value()))});
}

}  // namespace

result<void> serve_page(std::uint16_t port, const std::string& page) {
    asio::io_context loop(1);
    asio::signal_set signals(loop, SIGINT, SIGTERM);
    auto acceptor = listen(loop, port);
    if (!acceptor) return tl::unexpected(acceptor.error());
    const auto chosen = acceptor->local_endpoint().port();
    page_server server(*std::move(acceptor), page_answers(page, chosen));
    signals.async_wait([&](const auto& /*error*/, int /*signal*/) { server.stop(); });
    asio::co_spawn(loop, server.accept(), asio::detached);
    print(fmt::format("http://127.0.0.1:{}/\n", chosen));
    loop.run();
    return {};
}

}  // namespace framewire
