#include "framewire/net/client.hpp"

#include "client_core.hpp"
#include "connect_to.hpp"
#include "io/sockets.hpp"
#include "loop_driver.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>
#include <utility>

namespace framewire {
namespace {

time_point after(std::chrono::milliseconds timeout) {
    return timeout.count() == 0 ? time_point::max() : std::chrono::steady_clock::now() + timeout;
}

}  // namespace

struct client::implementation {
    implementation(const address& where, const framing& frames, client_settings settings)
        : timeout(settings.timeout),
          needs_thread(settings.pushed != nullptr || settings.reconnect.attempts_max > 0),
          driver([this] { core.notify_written(); }),
          core(driver.loop(), where, frames, std::move(settings)) {}

    /// Calls `begin` with a callback on the loop's thread, and waits for its outcome.
    template <class Begin>
    reply wait_for(Begin begin) {
        std::optional<reply> outcome;
        const auto then = [&](reply one) {
            const std::lock_guard lock(driver.mutex());
            outcome = std::move(one);
            driver.notify();
        };
        if (driver.run([&] { begin(then); }, [&] { return outcome.has_value(); })) {
            return std::move(*outcome);
        }
        return tl::unexpected(
            wire_error{errc::io_failed, 0, "the engine's thread cannot wait for itself"});
    }

    /// Calls the task on the loop's thread, and returns when it has run, or will soon.
    void run(const loop_driver::task& one) {
        if (!driver.run(one, [] { return true; })) driver.post(one);
    }

    const std::chrono::milliseconds timeout;
    const bool needs_thread;
    loop_driver driver;
    client_core core;
};

result<client> client::connect(std::string_view address_text, std::string_view framing_text,
                               client_settings settings) {
    const auto where = address::parse(address_text);
    if (!where) return tl::unexpected(where.error());
    const auto frames = framing::parse(framing_text);
    if (!frames) return tl::unexpected(frames.error());
    return connect(*where, *frames, std::move(settings));
}

result<client> client::connect(const address& where, const framing& frames,
                               client_settings settings) try {
    transport_factory make_transport;
    if (settings.tls) {
        auto made = tls_client_transports(*settings.tls, where.host);
        if (!made) return tl::unexpected(made.error());
        make_transport = std::move(*made);
    }
    auto socket = connect_to(where, settings.connect_timeout);
    if (!socket) return tl::unexpected(socket.error());
    client made(std::make_shared<implementation>(where, frames, std::move(settings)));
    auto& self = *made.self_;
    self.core.speak_through(std::move(make_transport));
    const auto open = [&] {
        if (!self.core.open(std::move(*socket))) {
            throw std::system_error(EMFILE, std::system_category());
        }
    };
    self.driver.run(open, [&] { return self.core.is_settled(); });
    if (const auto* const why = self.core.refused()) {
        return tl::unexpected(
            failure{fmt::format("cannot connect to {}: {}", where.text(), why->message())});
    }
    if (self.needs_thread) self.driver.start_thread(made.self_);
    return made;
} catch (const std::system_error& none_left) {
    return tl::unexpected(failure{fmt::format("cannot connect to {}: {}", where.text(),
                                              system_words(none_left.code().value()))});
}

client::client(std::shared_ptr<implementation> self) : self_(std::move(self)) {}
client::client(client&&) noexcept = default;

client& client::operator=(client&& other) noexcept {
    std::swap(self_, other.self_);
    return *this;
}

// A callback may destroy its client: the rest is done once it has returned.
client::~client() {
    if (!self_) return;
    auto& self = *self_;
    bool closed = false;
    const auto close = [&] {
        self.core.close();
        const std::lock_guard lock(self.driver.mutex());
        closed = true;
        self.driver.notify();
    };
    if (self.driver.run(close, [&] { return closed; })) {
        self.driver.stop();
        return;
    }
    self.driver.post([self = std::move(self_)] {
        self->core.close();
        self->driver.stop();
    });
}

client::reply client::request(bytes payload) { return request(payload, self_->timeout); }

client::reply client::request(bytes payload, std::chrono::milliseconds timeout) {
    const auto self = self_;
    return self->wait_for([&, until = after(timeout)](const auto& then) {
        self->core.ask(payload, true, until, then);
    });
}

std::future<client::reply> client::request_later(bytes payload) {
    const auto promised = std::make_shared<std::promise<reply>>();
    auto later = promised->get_future();
    request(payload, [promised](reply one) { promised->set_value(std::move(one)); });
    return later;
}

void client::request(bytes payload, std::function<void(reply)> then) {
    auto& self = *self_;
    self.driver.start_thread(self_);
    // Shared, as a task must be copyable.
    auto shared = std::make_shared<reply_callback>(std::move(then));
    self.driver.post([&self, payload = std::string(payload), until = after(self.timeout), shared] {
        self.core.ask(payload, true, until, std::move(*shared));
    });
}

wire_result<void> client::send(bytes payload) {
    const auto self = self_;
    const auto until = after(self->timeout);
    if (self->driver.drives()) {
        self->driver.post([&core = self->core, payload = std::string(payload), until] {
            core.ask(payload, false, until, [](const reply&) {});
        });
        return {};
    }
    const auto sent =
        self->wait_for([&](const auto& then) { self->core.ask(payload, false, until, then); });
    if (!sent) return tl::unexpected(sent.error());
    return {};
}

client::reply client::receive() { return receive(self_->timeout); }

client::reply client::receive(std::chrono::milliseconds timeout) {
    const auto self = self_;
    return self->wait_for(
        [&, until = after(timeout)](const auto& then) { self->core.receive(until, then); });
}

void client::shutdown_send() {
    const auto self = self_;
    self->run([self] { self->core.shutdown_send(); });
}

bool client::usable() const noexcept { return self_->core.usable(); }
peer client::peer() const { return self_->core.peer(); }

}  // namespace framewire
