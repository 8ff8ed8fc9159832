#pragma once

#include "eventually.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <initializer_list>
#include <stdexcept>

namespace framewire::tests {

using coroutine = std::function<boost::asio::awaitable<void>()>;

/// Runs them concurrently on this thread. Throws what one throws, and if one does not end in time.
inline void run_together(std::initializer_list<coroutine> all,
                         std::chrono::milliseconds time = test_timeout) {
    boost::asio::io_context loop(1);
    std::size_t left = all.size();
    std::exception_ptr thrown;
    for (const auto& one : all) {
        boost::asio::co_spawn(loop, one, [&](const std::exception_ptr& error) {
            --left;
            if (error) thrown = error;
        });
    }
    loop.run_for(time);
    if (thrown) std::rethrow_exception(thrown);
    if (left != 0) throw std::runtime_error("a coroutine did not end");
}

}  // namespace framewire::tests
