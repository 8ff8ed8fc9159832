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
    /// Binds and listens. Fails if the address or the framing cannot be parsed, or if the system
    /// refuses to listen there.
    static result<listener> listen(const boost::asio::any_io_executor& executor,
                                   std::string_view address, std::string_view framing,
                                   stream_settings settings = {});

    listener(listener&&) noexcept;
    listener& operator=(listener&&) noexcept;
    /// Stops listening; connections already accepted continue.
    ~listener();

    /// The next connection. Retries after a failed accept, with a pause if the system is out of
    /// descriptors; fails only when the listener is gone.
    stream::awaitable<wire_result<stream>> accept();

    /// Accepts until the listener is gone, and runs `speak` for each connection in a coroutine of
    /// its own. An exception in one ends that connection and no other.
    stream::awaitable<void> serve(std::function<stream::awaitable<void>(stream)> speak);

    /// Reads the files of `stream_settings::tls_server` again, for streams that are accepted from
    /// now on. If one of them cannot be used, fails, and nothing changes.
    result<void> reload_tls();

    [[nodiscard]] endpoint local() const;

private:
    struct implementation;
    explicit listener(std::shared_ptr<implementation> self);
    std::shared_ptr<implementation> self_;
};

}  // namespace framewire
