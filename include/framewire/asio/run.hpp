#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace framewire {

/// Runs one coroutine to its end on the caller's thread, together with all other work of the loop.
/// Returns its result, or throws what it threw. Requires: the loop is not running.
template <class T>
T run(boost::asio::io_context& loop, boost::asio::awaitable<T> work) {
    std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> outcome;
    std::exception_ptr thrown;
    boost::asio::co_spawn(
        loop,
        [&]() -> boost::asio::awaitable<void> {
            if constexpr (std::is_void_v<T>) {
                co_await std::move(work);
            } else {
                outcome.emplace(co_await std::move(work));
            }
        },
        [&](std::exception_ptr error) {
            thrown = std::move(error);
            loop.stop();
        });
    loop.restart();
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
    if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

/// The same on a loop of its own.
template <class T>
T run(boost::asio::awaitable<T> work) {
    boost::asio::io_context loop{1};
    return run(loop, std::move(work));
}

}  // namespace framewire
