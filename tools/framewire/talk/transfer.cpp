#include "transfer.hpp"

#include "exchange.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace framewire {

namespace asio = boost::asio;

transfer::transfer(asio::io_context& loop, stream& connection, const transfer_plan& plan,
                   reply_output& replies)
    : connection_(connection),
      plan_(plan),
      replies_(replies),
      progress_(plan.shows_progress),
      never_(loop, asio::steady_timer::time_point::max()),
      all_is_there_(loop, asio::steady_timer::time_point::max()),
      sides_left_(plan.wants_reply ? 2 : 1) {}

stream::awaitable<result<void>> transfer::run(message& what) {
    const auto executor = co_await asio::this_coro::executor;
    const auto [order, sending, receiving] =
        co_await asio::experimental::make_parallel_group(
            asio::co_spawn(executor, side(send(what)), asio::deferred),
            asio::co_spawn(executor, side(receive()), asio::deferred))
            .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (const auto& thrown = order[0] == 0 ? sending : receiving) std::rethrow_exception(thrown);
    co_return outcome_;
}

// The side that is ready first waits for the other; one that fails ends both.
stream::awaitable<void> transfer::side(stream::awaitable<outcome> work) {
    auto ended = co_await std::move(work);
    if (!outcome_) co_return;
    outcome_ = std::move(ended);
    if (outcome_ && --sides_left_ > 0) co_await never_.async_wait(asio::use_awaitable);
}

stream::awaitable<result<void>> transfer::send(message& what) {
    if (auto* file = std::get_if<message_file>(&what)) {
        if (auto sent = co_await send_file(*file); !sent) co_return sent;
    } else {
        const auto& text = std::get<std::string>(what);
        size_ = text.size();
        const auto sent = co_await connection_.send(text);
        if (!sent) co_return failed(sent.error());
    }
    all_sent_ = true;
    co_return outcome{};
}

stream::awaitable<result<void>> transfer::send_file(message_file& file) {
    size_ = file.size();
    const auto begun = connection_.begin(file.length());
    if (!begun) co_return failed(begun.error());
    std::uint64_t sent = 0;
    while (true) {
        const auto part = co_await file.read();
        if (!part) co_return tl::unexpected(part.error());
        if (part->empty()) break;
        const auto appended = co_await connection_.append(*part);
        if (!appended) co_return failed(appended.error(), file);
        sent += part->size();
        progress_.show("sent", sent, size_);
        co_await asio::post(asio::use_awaitable);  // the other side's turn
    }
    const auto ended = co_await connection_.end();
    if (!ended) co_return failed(ended.error(), file);
    size_ = sent;
    if (received_ >= size_) all_is_there_.cancel();
    co_return outcome{};
}

stream::awaitable<result<void>> transfer::receive() {
    if (!plan_.wants_reply) return receive_for_nothing();
    return plan_.is_raw ? receive_as_much() : receive_payload();
}

stream::awaitable<result<void>> transfer::receive_payload() {
    while (true) {
        const auto part = co_await connection_.receive_piece();
        if (!part) co_return failed(part.error());
        received_ += part->payload.size();
        const bool known = part->announced != unknown_length;
        if (received_ > plan_.reply_bytes_max ||
            (known && part->announced > plan_.reply_bytes_max)) {
            co_return tl::unexpected(failure{
                fmt::format("{}: the reply has more than {}", error_name(errc::frame_too_large),
                            format_size(plan_.reply_bytes_max)),
                "raise --max-payload"});
        }
        if (auto printed = print(part->payload, part->last); !printed) co_return printed;
        if (part->last) co_return outcome{};
        show_received(plan_.counts_characters ? unknown_length : part->announced);
        co_await asio::post(asio::use_awaitable);
    }
}

stream::awaitable<result<void>> transfer::receive_as_much() {
    std::string held;
    bool holds = replies_.adds_line_ends();
    while (received_ < size_) {
        const auto part = co_await next_unless_all_is_there();
        if (!part) continue;
        if (!*part) co_return failed(part->error());
        const auto payload = (*part)->payload;
        received_ += payload.size();
        if (holds && held.size() + payload.size() <= plan_.held_bytes_max) {
            held += payload;
            continue;
        }
        holds = false;
        for (const auto next : {bytes(held), payload}) {
            if (auto printed = print(next, false); !printed) co_return printed;
        }
        std::string().swap(held);
        show_received(size_);
        co_await asio::post(asio::use_awaitable);
    }
    co_return print(held, true);
}

// Where the end of the message is not known, all of the reply may be there before it is. What is
// received at that moment is no part of it.
stream::awaitable<std::optional<wire_result<piece>>> transfer::next_unless_all_is_there() {
    if (size_ != unknown_length) co_return co_await connection_.receive_piece();
    using namespace asio::experimental::awaitable_operators;
    auto first = co_await (connection_.receive_piece() ||
                           all_is_there_.async_wait(asio::as_tuple(asio::use_awaitable)));
    if (auto* part = std::get_if<0>(&first)) co_return std::move(*part);
    co_return std::nullopt;
}

// A server may answer although nobody asked, and must not be stuck with it.
stream::awaitable<result<void>> transfer::receive_for_nothing() {
    bool more = true;
    while (more) {
        const auto part = co_await connection_.receive_piece();
        more = part.has_value();
        co_await asio::post(asio::use_awaitable);
    }
    co_await never_.async_wait(asio::use_awaitable);
    co_return outcome{};
}

result<void> transfer::print(bytes part, bool last) {
    if (replies_.is_terminal()) progress_.stop();
    return replies_.write(part, last);
}

void transfer::show_received(std::uint64_t total) {
    if (all_sent_) progress_.show("received", received_, total);
}

// It could be framed when it was opened.
tl::unexpected<failure> transfer::failed(const wire_error& error, const message_file& of) const {
    const bool was_looked_through = of.size() != unknown_length;
    const bool framing_fails = error_name(error.code).starts_with("frame.");
    return was_looked_through && framing_fails ? of.changed() : failed(error);
}

tl::unexpected<failure> transfer::failed(const wire_error& error) const {
    return tl::unexpected(explain(error, plan_.wording));
}

}  // namespace framewire
