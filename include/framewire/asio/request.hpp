#pragma once

#include "framewire/net/client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string>
#include <utility>

namespace framewire {

/// `co_await request(client, payload)`: the same as `client::request`, and any number of
/// coroutines may wait. The coroutine resumes on its own executor. A wait that is cancelled
/// continues: bound it with `client_settings::timeout`. Requires: the client outlives the call.
template <class Token = boost::asio::use_awaitable_t<>>
auto request(client& of, bytes payload, Token&& token = {}) {
    namespace asio = boost::asio;
    return asio::async_initiate<Token, void(client::reply)>(
        [&of](auto handler, const std::string& copy) {
            const auto executor = asio::prefer(asio::get_associated_executor(handler),
                                               asio::execution::outstanding_work.tracked);
            // Callbacks can be copied; handlers cannot.
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            of.request(copy, [executor, shared = std::move(shared)](client::reply outcome) {
                asio::post(executor, [shared, outcome = std::move(outcome)]() mutable {
                    (*shared)(std::move(outcome));
                });
            });
        },
        token, std::string(payload));
}

}  // namespace framewire
