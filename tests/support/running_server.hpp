#pragma once

#include "eventually.hpp"
#include "framewire/net/server.hpp"
#include "raw_socket.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::tests {

/// The factory of the described service; throws if the description is invalid.
inline service_factory service_named(std::string_view spec) {
    auto found = make_service(spec);
    if (!found) throw std::runtime_error(found.error().message());
    return *found;
}

struct serving {
    std::string_view framing = "digits:10";
    service_factory service = service_named("echo");
    std::string_view address = "127.0.0.1:0";
};

/// A server in a thread of its own, by default on an ephemeral port of the loopback.
class running_server {
public:
    explicit running_server(server_settings settings = {}, const serving& what = {})
        : server_(made(settings, what)),
          end_(std::async(std::launch::async, [this] { server_.run(); })) {}
    running_server(const running_server&) = delete;
    running_server& operator=(const running_server&) = delete;
    ~running_server() {
        if (!end_.valid()) return;
        server_.stop();
        server_.stop();
        end_.wait();
    }

    [[nodiscard]] endpoint local() const { return server_.local(); }
    [[nodiscard]] raw_socket connect(int buffer_bytes = 0) const {
        return raw_socket(local(), buffer_bytes);
    }
    [[nodiscard]] server_statistics statistics() const { return server_.statistics(); }
    [[nodiscard]] const server& itself() const noexcept { return server_; }
    [[nodiscard]] bool accepts() const noexcept { return server_.accepts(); }
    void survey(const std::function<void(const loop_load&)>& receive) const {
        server_.survey(receive);
    }
    [[nodiscard]] std::uint64_t failures(errc code) const {
        return statistics().failures.at(static_cast<std::size_t>(code));
    }
    [[nodiscard]] bool comes_to_have_open(std::uint64_t count) const {
        return eventually([&] { return statistics().open == count; });
    }
    [[nodiscard]] bool comes_to_count(errc code, std::uint64_t count = 1) const {
        return eventually([&] { return failures(code) >= count; });
    }

    void stop() { server_.stop(); }
    /// True if `run` returns within that time.
    [[nodiscard]] bool ends_within(std::chrono::milliseconds time) {
        if (end_.wait_for(time) != std::future_status::ready) return false;
        end_.get();
        return true;
    }

private:
    static server made(server_settings settings, const serving& what) {
        auto listening = server::listen(what.address, what.framing, what.service, settings);
        if (!listening) throw std::runtime_error(listening.error().message());
        return std::move(*listening);
    }

    server server_;
    std::future<void> end_;
};

}  // namespace framewire::tests
