#include "framewire/asio/listener.hpp"

#include "asio_socket.hpp"
#include "io/listening.hpp"
#include "transport/tls_transports.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <exception>
#include <utility>

namespace framewire {

struct listener::implementation {
    implementation(const asio::any_io_executor& executor, listening_socket listening,
                   framing framed, stream_settings with)
        : file(std::move(listening.file)),
          socket(executor, listening.descriptor.release()),
          pause(executor),
          frames(std::move(framed)),
          settings(with) {}

    socket_file file;
    asio::posix::stream_descriptor socket;
    asio::steady_timer pause;
    framing frames;
    stream_settings settings;
    std::optional<tls_server_transports> tls;
    bool open = true;

    static stream::awaitable<wire_result<stream>> accept(std::shared_ptr<implementation> self);
    static stream::awaitable<void> serve(std::shared_ptr<implementation> self,
                                         std::function<stream::awaitable<void>(stream)> speak);
};

result<listener> listener::listen(const asio::any_io_executor& executor,
                                  std::string_view address_text, std::string_view framing_text,
                                  stream_settings settings) {
    const auto where = address::parse(address_text);
    if (!where) return tl::unexpected(where.error());
    auto frames = framing::parse(framing_text);
    if (!frames) return tl::unexpected(frames.error());
    std::optional<tls_server_transports> tls;
    if (settings.tls_server != nullptr) {
        auto loaded = tls_server_transports::load(*settings.tls_server);
        if (!loaded) return tl::unexpected(loaded.error());
        tls = std::move(*loaded);
    }
    auto listening = open_listener(*where, port_sharing::none);
    if (!listening) return tl::unexpected(listening.error());
    auto made = std::make_shared<implementation>(executor, std::move(*listening),
                                                 std::move(*frames), settings);
    made->tls = std::move(tls);
    return listener(std::move(made));
}

listener::listener(std::shared_ptr<implementation> self) : self_(std::move(self)) {}
listener::listener(listener&&) noexcept = default;
listener& listener::operator=(listener&&) noexcept = default;

listener::~listener() {
    if (!self_) return;
    self_->open = false;
    self_->socket.close();
    self_->pause.cancel();
}

stream::awaitable<wire_result<stream>> listener::implementation::accept(
    std::shared_ptr<implementation> self) {
    while (self->open) {
        auto next = accept_connection(self->socket.native_handle());
        const auto advice = after_failed_accept(errno);
        if (next.descriptor.is_open()) {
            auto remote = endpoint_of(next.remote);
            if (auto taken = stream::adopt(self->socket.get_executor(), next.descriptor.release(),
                                           std::move(remote), self->frames, self->settings,
                                           self->tls ? self->tls->make() : nullptr)) {
                co_return std::move(*taken);
            }
            continue;
        }
        system_error_code cancelled;
        if (advice == accept_advice::wait) {
            co_await self->socket.async_wait(asio::posix::descriptor_base::wait_read,
                                             asio::redirect_error(asio::use_awaitable, cancelled));
        } else if (advice == accept_advice::pause) {
            self->pause.expires_after(accept_pause);
            co_await self->pause.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        }
    }
    co_return tl::unexpected(wire_error{errc::io_closed, 0, "the listener is closed"});
}

stream::awaitable<void> listener::implementation::serve(
    std::shared_ptr<implementation> self, std::function<stream::awaitable<void>(stream)> speak) {
    while (auto peer = co_await accept(self)) {
        asio::co_spawn(self->socket.get_executor(), speak(std::move(*peer)),
                       [](const std::exception_ptr& /*thrown*/) {});
    }
}

stream::awaitable<wire_result<stream>> listener::accept() { return implementation::accept(self_); }

stream::awaitable<void> listener::serve(std::function<stream::awaitable<void>(stream)> speak) {
    return implementation::serve(self_, std::move(speak));
}

result<void> listener::reload_tls() {
    if (!self_->tls) return {};
    return self_->tls->reload();
}

endpoint listener::local() const { return local_endpoint(self_->socket.native_handle()); }

}  // namespace framewire
