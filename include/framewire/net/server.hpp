#pragma once

#include "framewire/core/duration_histogram.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "framewire/io/address_range.hpp"
#include "framewire/net/listening_places.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/service/service.hpp"
#include "framewire/transport/tls.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace framewire {

class framing;

/// Connections come from proxies that announce in a PROXY header, version 1 or 2, for whom they
/// connect (https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt). It is the first thing on
/// the wire, also before TLS.
struct proxy_settings {
    /// Who may announce addresses; others are refused (`proxy.untrusted`). There is no default:
    /// a program that is trusted can pretend to be anybody.
    std::vector<address_range> trusted{};
    /// From the connection to the end of its header (`proxy.timeout`); zero waits forever. A proxy
    /// sends it at once, and 3 s allow for a retransmission.
    std::chrono::milliseconds header_deadline{3'000};
};

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
    /// Who may connect; others are refused (`limit.denied`).
    address_rules access{};
    /// If set, every connection must begin with a PROXY header. The address that it announces is
    /// the peer's in everything that follows: `peer::remote`, `access`, and what each address may
    /// use. A header that announces none (a health check) leaves the proxy's own address, which
    /// `access` and `connections_per_address_max` do not concern.
    std::optional<proxy_settings> proxy{};
    /// Connections accepted per second; the others wait in the system's queue. Zero: no limit.
    std::uint64_t accepts_per_second_max = 0;
    /// What the connections of one address may send together, per second: addresses as for
    /// `connections_per_address_max`, and each local socket by itself. Above it they are read more
    /// slowly, and nothing is lost. After a pause up to a second's worth may come at once. Zero:
    /// no limit.
    std::uint64_t messages_per_second_max = 0;
    std::uint64_t bytes_per_second_max = 0;
    /// Reads from a peer even while it does not take its replies, for services that `pause` by
    /// themselves: what they pass on is no reply.
    bool reads_while_full = false;
    /// How long `stop` waits for connections to finish. Init systems usually grant 10 s.
    std::chrono::milliseconds drain{10'000};
    /// Notified of what happens; must outlive the server.
    framewire::observer* observer = nullptr;
    /// Measures how long services and loops take, see `server_statistics`. Costs a few readings
    /// of the clock for each read of a socket.
    bool measures = false;
    /// Without it, connections are plain.
    std::optional<tls_server_settings> tls{};
};

/// Counts since the server began to listen.
struct server_statistics {
    std::uint64_t accepted = 0;
    std::uint64_t open = 0;
    /// Connections that are over, by `close_reason::kind`.
    std::array<std::uint64_t, 4> closed{};
    /// Connections that were accepted and are over, but that no service knew: all that were
    /// accepted are open, closed or refused.
    std::uint64_t refused = 0;
    /// TLS handshakes that were completed.
    std::uint64_t handshakes = 0;
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
    /// Of `server_settings`, as it is now.
    std::uint64_t connections_max = 0;
    /// Held for all peers now, and how much may be, see `server_settings::memory_max`.
    std::uint64_t memory_held = 0;
    std::uint64_t memory_max = 0;
    // Empty unless `server_settings::measures`:
    /// From accepting a connection to the end of its TLS handshake.
    duration_histogram handshake_time{};
    /// What a service took for each message: of those that it took together, each counts an equal
    /// part.
    duration_histogram service_time{};
    /// From deferring a reply to giving it.
    duration_histogram deferred_time{};
    /// From waking up to waiting again: as long as a loop takes for what has happened, whatever
    /// happens next waits.
    duration_histogram loop_time{};
};

/// What the connections of one loop have and wait for now.
struct loop_load {
    /// From 0; less than `server_settings::threads`.
    unsigned loop = 0;
    std::uint64_t connections = 0;
    /// Those whose TLS handshake or PROXY header is not complete.
    std::uint64_t handshaking = 0;
    /// Replies that peers have not taken, and the most of one connection.
    std::uint64_t queued_bytes = 0;
    std::uint64_t queued_bytes_largest = 0;
    /// Messages pushed that wait for them.
    std::uint64_t pushed_bytes = 0;
    std::uint64_t deferred_replies = 0;
    /// Connections that are not read from, until their peers take replies or services give them.
    std::uint64_t not_read = 0;
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
    /// The same at several addresses, and on sockets that others have opened.
    static result<server> listen(const listening_places& where, const framing& framing,
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
    /// Leaves new connections to another process that has the same listening sockets, those too
    /// that wait to be accepted, and the files of local sockets. Open connections continue until
    /// their peers end them; `run` ends after the last. What is open after `at_most` is stopped,
    /// as by `stop`. Thread-safe.
    void hand_over(std::chrono::milliseconds at_most);
    /// The listening sockets, each once, for that process; the server keeps them. Empty after
    /// `stop` or `hand_over`. Requires: called on the thread of `run`, or before it.
    [[nodiscard]] std::vector<adopted_socket> listeners() const;
    /// Changes what can be changed while the server runs: for connections that open from now on
    /// `limits`, `connections_max`, `connections_per_address_max`, `access` and the rates of an
    /// address; `accepts_per_second_max` and `drain`. The other settings stay. Thread-safe, but
    /// for other calls of it.
    void change(const server_settings& settings);
    /// Calls `then`, on the thread of a loop, once every loop has come round after this call:
    /// none of them hangs. Thread-safe.
    void when_responsive(std::function<void()> then);
    /// Makes SIGINT and SIGTERM call `stop` as long as the server exists. So does the first
    /// SIGHUP, unless the signal is ignored (`nohup`); further ones do nothing. An earlier signal
    /// has the same effect if it was blocked until now.
    void stop_on_signals();
    /// Calls `act` on the thread of `run` each time the program receives the signal, instead of
    /// the system's default action. Requires: fewer than 256 in all servers of the program.
    void on_signal(int signal, std::function<void()> act);

    /// Reads the files of `server_settings::tls` again. Connections that begin from now on use
    /// them; those that are open continue. If one of the files cannot be used, fails, and nothing
    /// changes. Without TLS, does nothing. Thread-safe.
    result<void> reload_tls();
    /// Replaces `server_settings::access` for connections that open from now on. Thread-safe.
    void set_access(address_rules rules);

    /// The listening address, with the port that the system chose for port 0. Thread-safe.
    [[nodiscard]] endpoint local() const;
    /// Those of all places, in their order. Thread-safe.
    [[nodiscard]] std::vector<endpoint> locals() const;
    /// Thread-safe.
    [[nodiscard]] server_statistics statistics() const;
    /// True from `run` until the server stops: whether new connections are accepted. Thread-safe.
    [[nodiscard]] bool accepts() const noexcept;
    /// Calls `receive` once for each loop, on its thread, as soon as it has time. Takes a loop
    /// some 60 ns for each of its connections. Loops that have ended do not call it. Thread-safe.
    void survey(const std::function<void(const loop_load&)>& receive) const;

private:
    struct implementation;
    explicit server(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

}  // namespace framewire
