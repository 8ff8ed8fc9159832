#pragma once

#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/service/service.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace framewire {

class framing;

struct server_settings {
    /// Limits for each peer.
    framewire::limits limits{};
    /// Event loops, each with its own thread and its own listening socket. A connection stays
    /// with its loop.
    unsigned threads = 1;
    /// Above this, new connections are closed as soon as they are accepted (`limit.connections`),
    /// so that their peers notice at once. The usual descriptor limits of servers allow 10 000.
    /// A connection that has been silent for a second and owes nothing gives its place to the new
    /// one instead (`limit.evicted`), the one that has been silent longest first.
    std::size_t connections_max = 10'000;
    /// The same for one address: IPv6 addresses by their first 64 bits, IPv4 addresses that are
    /// mapped to IPv6 as IPv4, local sockets without a limit. Above it a silent connection of that
    /// address is closed (`limit.evicted`), or else the new one (`limit.address`). Zero: a tenth
    /// of `connections_max`, but at least 100.
    std::size_t connections_per_address_max = 0;
    /// Memory for everything that is held for peers: input, payloads being assembled, replies and
    /// pushed messages. At 80 % of it, nothing is read from those that hold the most; at 90 % they
    /// are reset (`limit.memory`); at 95 % no connection is accepted. Zero: three quarters of what
    /// the machine has, or its control group or resource limits allow, whichever is least.
    std::uint64_t memory_max = 0;
    /// How long `stop` waits for connections to finish. Init systems usually grant 10 s.
    std::chrono::milliseconds drain{10'000};
    /// Notified of what happens; must outlive the server.
    framewire::observer* observer = nullptr;
};

/// Counts since the server began to listen.
struct server_statistics {
    std::uint64_t accepted = 0;
    std::uint64_t open = 0;
    std::uint64_t frames = 0;
    /// Frames discarded as too large (`oversize=skip`).
    std::uint64_t skipped = 0;
    /// Pushed messages that did not reach a peer (`overflow`), counted when its connection ends.
    std::uint64_t dropped = 0;
    /// Notifications that were lost because the observer threw.
    std::uint64_t unobserved = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    /// Connections refused or ended by an error, by `errc` (index 0 is unused).
    std::array<std::uint64_t, errc_count + 1> failures{};
};

/// Accepts connections and passes their payloads to a service, which replies.
class server {
public:
    /// Starts all threads but the caller's, binds and listens; nothing is accepted before `run`.
    /// Fails if the address or the framing cannot be parsed, or if the system refuses a thread or
    /// to listen there.
    static result<server> listen(std::string_view address, std::string_view framing,
                                 service_factory make_service, server_settings settings = {});
    /// The same with a function of a whole payload as the service.
    static result<server> listen(std::string_view address, std::string_view framing,
                                 answer_function answer, server_settings settings = {});
    /// The same with a parsed address and framing.
    static result<server> listen(const address& where, const framing& framing,
                                 service_factory make_service, server_settings settings = {});

    server(server&&) noexcept;
    server& operator=(server&&) noexcept;
    ~server();

    /// Serves until stopped, then until the last connection is closed. Runs one of the loops on
    /// the caller's thread. Fails if the system can no longer wait for connections; those that
    /// were open are closed then.
    result<void> run();

    /// Stops accepting, lets every connection reply to what it has received, and ends `run`, at
    /// the latest after `server_settings::drain`; what is not finished then ends with
    /// `limit.drain`. A second call ends `run` at once. Thread-safe.
    void stop();
    /// Makes SIGINT and SIGTERM call `stop` as long as the server exists. So does the first
    /// SIGHUP, unless the signal is ignored (`nohup`); further ones do nothing. An earlier signal
    /// has the same effect if it was blocked until now.
    void stop_on_signals();
    /// Calls `act` on the thread of `run` each time the program receives the signal, instead of
    /// the system's default action. Requires: fewer than 256 in all servers of the program.
    void on_signal(int signal, std::function<void()> act);

    /// The listening address, with the port that the system chose for port 0. Thread-safe.
    [[nodiscard]] endpoint local() const;
    /// Thread-safe.
    [[nodiscard]] server_statistics statistics() const;

private:
    struct implementation;
    explicit server(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

}  // namespace framewire
