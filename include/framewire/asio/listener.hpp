#pragma once

#include "framewire/asio/stream.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string_view>

namespace framewire {

/// Accepts streams, for coroutines.
class listener {
public:
    /// Binds and listens. Fails if the address or the framing is not understood, or the address
    /// cannot be listened on.
    static result<listener> listen(const boost::asio::any_io_executor& executor,
                                   std::string_view address, std::string_view framing,
                                   stream_settings settings = {});

    listener(listener&&) noexcept;
    listener& operator=(listener&&) noexcept;
    /// Stops listening; what is being served goes on.
    ~listener();

    /// The next connection. Goes on through the failures that accepting can have, waiting where
    /// the system is out of descriptors; fails only when the listener is gone.
    stream::awaitable<wire_result<stream>> accept();

    /// Accepts until the listener is gone; each connection is spoken to by a coroutine of its own.
    /// What one throws ends its connection and no other.
    stream::awaitable<void> serve(std::function<stream::awaitable<void>(stream)> speak);

    [[nodiscard]] endpoint local() const;

private:
    struct implementation;
    explicit listener(std::shared_ptr<implementation> self);
    std::shared_ptr<implementation> self_;
};

}  // namespace framewire
