#pragma once

#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/service/service.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace framewire {

class framing;

struct server_settings {
    /// What one peer may cost.
    framewire::limits limits{};
    /// Event loops, each with its own thread and its own listening socket. Connections do not
    /// move.
    unsigned threads = 1;
    /// Above this, new connections are closed as soon as they are accepted (`limit.connections`),
    /// so that their peers know at once. 10 000 is what the usual descriptor limits of servers
    /// allow.
    std::size_t connections_max = 10'000;
    /// How long `stop` waits for connections to finish. 10 s is what an init system grants.
    std::chrono::milliseconds drain{10'000};
    /// Is told what happens; must outlive the server.
    framewire::observer* observer = nullptr;
};

/// What a server has done since it began to listen.
struct server_statistics {
    std::uint64_t accepted = 0;
    std::uint64_t open = 0;
    std::uint64_t frames = 0;
    /// Frames discarded for their size (`oversize=skip`).
    std::uint64_t skipped = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    /// Connections that ended with an error or were refused, by `errc` (index 0 is unused).
    std::array<std::uint64_t, errc_count + 1> failures{};
};

/// Accepts connections and lets a service answer what arrives on them.
class server {
public:
    /// Binds and listens; nothing is accepted before `run`. Fails if the address or the framing is
    /// not understood, or the address cannot be listened on.
    static result<server> listen(std::string_view address, std::string_view framing,
                                 service_factory make_service, server_settings settings = {});
    /// The same with a service that is one function of a whole payload.
    static result<server> listen(std::string_view address, std::string_view framing,
                                 answer_function answer, server_settings settings = {});
    /// The same with a framing that has been parsed.
    static result<server> listen(const address& where, const framing& framing,
                                 service_factory make_service, server_settings settings = {});

    server(server&&) noexcept;
    server& operator=(server&&) noexcept;
    ~server();

    /// Serves until stopped, then until the last connection is gone. Runs one loop on the caller's
    /// thread.
    void run();

    /// Stops accepting, lets every connection finish what it has received, and ends `run`, at the
    /// latest after `server_settings::drain`. A second call ends `run` at once. Thread-safe.
    void stop();
    /// Makes SIGINT and SIGTERM call `stop` while the server runs.
    void stop_on_signals();

    /// The address listened on, with the port that the system chose for port 0.
    [[nodiscard]] endpoint local() const;
    /// Thread-safe.
    [[nodiscard]] server_statistics statistics() const;

private:
    struct implementation;
    explicit server(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

}  // namespace framewire
