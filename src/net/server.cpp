#include "framewire/net/server.hpp"

#include "acceptor.hpp"
#include "event_loop.hpp"
#include "framewire/codec/framing.hpp"
#include "io/listening.hpp"
#include "io/signal_handler.hpp"
#include "io/system_memory.hpp"
#include "loop_threads.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <functional>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

namespace framewire {

// One thread of a server: a loop, and the listeners that feed it.
struct serving_loop {
    serving_loop(const std::shared_ptr<connection_plan>& plan,
                 std::vector<owned_descriptor> listeners) {
        if (plan->measures) loop.measure();
        for (auto& one : listeners) accepting.emplace_back(loop, plan, std::move(one));
    }

    event_loop loop;
    std::deque<acceptor> accepting;  // acceptors do not move
    bool stopping = false;
    bool drained = false;
};

namespace {

// A host may have a tenth; where few are allowed at all, a tenth would be none to share.
std::size_t per_address_max(const server_settings& settings) {
    constexpr std::size_t enough = 100;
    if (settings.connections_per_address_max > 0) return settings.connections_per_address_max;
    return std::max(settings.connections_max / 10, enough);
}

std::shared_ptr<memory_budget> budget(const server_settings& settings) {
    const auto max = settings.memory_max > 0 ? settings.memory_max : usable_memory() / 4 * 3;
    return std::make_shared<memory_budget>(max);
}

}  // namespace

struct server::implementation {
    implementation(const framing& framing, service_factory make_service,
                   const server_settings& settings)
        : plan(std::make_shared<connection_plan>(framing, settings.limits, std::move(make_service),
                                                 settings.observer, connection_role::accepted,
                                                 settings.connections_max,
                                                 per_address_max(settings), budget(settings))),
          drain(settings.drain) {
        plan->measures = settings.measures;
    }

    implementation(const implementation&) = delete;
    implementation& operator=(const implementation&) = delete;

    std::shared_ptr<connection_plan> plan;
    std::chrono::milliseconds drain;
    endpoint local;
    socket_file file;
    std::vector<std::unique_ptr<serving_loop>> loops;
    // Loops that still have connections; the last one to finish lets all of them end.
    std::atomic<std::size_t> loops_running{0};
    std::atomic<bool> accepts{false};
    std::atomic<int> error{0};  // an `errno`, of a loop that could not go on
    std::vector<std::unique_ptr<signal_handler>> signals;
    loop_threads threads;  // one less than loops

    void run(serving_loop& one);
    void stop();
    void start_to_stop();
    void stop(serving_loop& one);
    void finish_one(serving_loop& one);
};

namespace {

// TCP sockets share the port; a local socket can be bound only once, so its loops share the
// socket.
result<owned_descriptor> again(const address& where, int listener) {
    if (where.is_local()) {
        const int copy = ::fcntl(listener, F_DUPFD_CLOEXEC, 0);
        if (copy < 0) return tl::unexpected(failure{"cannot share the listening socket"});
        return owned_descriptor(copy);
    }
    // Not by its name, which may resolve differently by now.
    const auto at = local_endpoint(listener);
    const auto host = at.scope_id == 0 ? at.host : fmt::format("{}%{}", at.host, at.scope_id);
    return open_listener({host, at.port, {}}, port_sharing::join).map([](listening_socket one) {
        return std::move(one.descriptor);
    });
}

// For a further loop of the server.
result<std::vector<owned_descriptor>> again(const address& where,
                                            const std::vector<owned_descriptor>& listeners) {
    std::vector<owned_descriptor> all;
    for (const auto& one : listeners) {
        auto next = again(where, one.get());
        if (!next) return tl::unexpected(next.error());
        all.push_back(std::move(*next));
    }
    return all;
}

}  // namespace

// Without one of its loops a server would accept connections that nobody serves.
void server::implementation::run(serving_loop& one) {
    one.loop.run();
    if (one.loop.broken() == 0) return;
    error = one.loop.broken();
    for (auto& each : one.accepting) each.stop();
    if (!one.drained) finish_one(one);
    start_to_stop();
}

void server::implementation::stop() {
    accepts = false;
    for (auto& one : loops) one->loop.post_urgent([this, &one = *one] { stop(one); });
}

void server::implementation::start_to_stop() {
    accepts = false;
    for (auto& one : loops) {
        one->loop.post_urgent([this, &one = *one] {
            if (!one.stopping) stop(one);
        });
    }
}

void server::implementation::stop(serving_loop& one) {
    if (std::exchange(one.stopping, true)) {
        for (auto& each : one.accepting) each.stop();
        return one.loop.abort();
    }
    const auto until = std::chrono::steady_clock::now() + drain;
    for (auto& each : one.accepting) each.finish(until);
    one.loop.drain(drain, [this, &one] { finish_one(one); });
}

void server::implementation::finish_one(serving_loop& one) {
    one.drained = true;
    if (loops_running.fetch_sub(1) > 1) return;
    for (auto& each : loops) each->loop.finish();
}

result<server> server::listen(std::string_view address_text, std::string_view framing_text,
                              service_factory make_service, server_settings settings) {
    const auto where = address::parse(address_text);
    if (!where) return tl::unexpected(where.error());
    const auto framing = framing::parse(framing_text);
    if (!framing) return tl::unexpected(framing.error());
    return listen(*where, *framing, std::move(make_service), settings);
}

result<server> server::listen(std::string_view address_text, std::string_view framing_text,
                              answer_function answer, server_settings settings) {
    return listen(address_text, framing_text, service_from(std::move(answer)), settings);
}

result<server> server::listen(const address& where, const framing& framing,
                              service_factory make_service, server_settings settings) try {
    const auto threads = std::max(settings.threads, 1U);
    const auto sharing =
        threads > 1 && !where.is_local() ? port_sharing::begin : port_sharing::none;
    auto self = std::make_unique<implementation>(framing, std::move(make_service), settings);
    if (auto started = self->threads.start(threads - 1); !started) {
        return tl::unexpected(started.error());
    }
    auto listening = open_listeners(where, sharing);
    if (!listening) return tl::unexpected(listening.error());
    std::vector<owned_descriptor> listeners;
    for (auto& one : *listening) listeners.push_back(std::move(one.descriptor));
    self->loops_running = threads;
    self->local = local_endpoint(listeners.front().get());
    self->file = std::move(listening->front().file);
    while (self->loops.size() + 1 < threads) {
        auto next = again(where, listeners);
        if (!next) return tl::unexpected(next.error());
        self->loops.push_back(std::make_unique<serving_loop>(self->plan, std::move(*next)));
    }
    self->loops.push_back(std::make_unique<serving_loop>(self->plan, std::move(listeners)));
    return server(std::move(self));
} catch (const std::system_error& none_left) {
    return tl::unexpected(failure{fmt::format("cannot listen on {}: {}", where.text(),
                                              system_words(none_left.code().value()))});
}

server::server(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
server::server(server&&) noexcept = default;
server& server::operator=(server&&) noexcept = default;
server::~server() = default;

result<void> server::run() {
    auto& self = *self_;
    self.accepts = true;
    self.threads.run([&self](std::size_t index) { self.run(*self.loops.at(index + 1)); });
    self.run(*self.loops.front());
    self.threads.join();
    if (self.error == 0) return {};
    return tl::unexpected(failure{"cannot wait for connections: " + system_words(self.error)});
}

void server::stop() { self_->stop(); }

// A terminal that is closed may send more than one.
void server::stop_on_signals() {
    auto& self = *self_;
    for (const int signal : {SIGINT, SIGTERM}) on_signal(signal, [&self] { self.stop(); });
    struct sigaction now {};
    const bool is_ignored = ::sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
    if (!is_ignored) on_signal(SIGHUP, [&self] { self.start_to_stop(); });
}

void server::on_signal(int signal, std::function<void()> act) {
    auto& in = self_->loops.front()->loop.waiting();
    self_->signals.push_back(
        std::make_unique<signal_handler>(in, std::span(&signal, 1), std::move(act)));
}

result<void> server::reload_tls() { return {}; }

endpoint server::local() const { return self_->local; }

server_statistics server::statistics() const {
    const auto& plan = *self_->plan;
    server_statistics total{.open = plan.open.load(),
                            .memory_held = plan.memory->held(),
                            .memory_max = plan.memory->max()};
    for (const auto& one : self_->loops) {
        const auto& from = one->loop.counters();
        total.accepted += from.accepted.load(std::memory_order_relaxed);
        total.refused += from.refused.load(std::memory_order_relaxed);
        total.handshakes += from.handshakes.load(std::memory_order_relaxed);
        total.frames += from.frames.load(std::memory_order_relaxed);
        total.skipped += from.skipped.load(std::memory_order_relaxed);
        total.dropped += from.dropped.load(std::memory_order_relaxed);
        total.unobserved += from.unobserved.load(std::memory_order_relaxed);
        total.bytes_received += from.bytes_received.load(std::memory_order_relaxed);
        total.bytes_sent += from.bytes_sent.load(std::memory_order_relaxed);
        for (std::size_t i = 0; i < total.failures.size(); ++i) {
            total.failures.at(i) += from.failures.at(i).load(std::memory_order_relaxed);
        }
        for (std::size_t i = 0; i < total.closed.size(); ++i) {
            total.closed.at(i) += from.closed.at(i).load(std::memory_order_relaxed);
        }
        from.service_time.add_to(total.service_time);
        from.deferred_time.add_to(total.deferred_time);
        from.loop_time.add_to(total.loop_time);
    }
    return total;
}

bool server::accepts() const noexcept { return self_->accepts; }

void server::survey(const std::function<void(const loop_load&)>& receive) const {
    for (unsigned index = 0; index < self_->loops.size(); ++index) {
        auto& loop = self_->loops.at(index)->loop;
        loop.post([&loop, index, receive] {
            loop_load sum{.loop = index};
            loop.add_to(sum);
            receive(sum);
        });
    }
}

}  // namespace framewire
