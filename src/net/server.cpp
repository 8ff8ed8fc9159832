#include "framewire/net/server.hpp"

#include "acceptor.hpp"
#include "event_loop.hpp"
#include "framewire/codec/framing.hpp"
#include "io/signal_handler.hpp"
#include "io/system_memory.hpp"
#include "loop_listeners.hpp"
#include "loop_threads.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

namespace framewire {

// Calls a function once.
class alarm final : public timer {
public:
    explicit alarm(std::function<void()> act) : act_(std::move(act)) {}

private:
    time_point on_timer(time_point /*now*/) override {
        act_();
        return time_point::max();
    }

    std::function<void()> act_;
};

// One thread of a server: a loop, and the listeners that feed it.
struct serving_loop {
    serving_loop(const std::shared_ptr<connection_plan>& plan,
                 std::vector<loop_listener> listeners) {
        if (plan->measures) loop.measure();
        for (auto& one : listeners) {
            accepting.emplace_back(loop, plan, std::move(one.descriptor), one.is_kept);
        }
    }

    event_loop loop;
    std::deque<acceptor> accepting;  // acceptors do not move
    std::optional<alarm> hand_over_end;
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

result<void> check(const server_settings& settings) {
    if (settings.proxy && settings.proxy->trusted.empty()) {
        return tl::unexpected(
            failure{"no proxy is trusted", "name the addresses of your proxies"});
    }
    return {};
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
        if (settings.reads_while_full) plan->read_while_full();
        plan->admission = std::make_unique<admission_rules>(settings);
    }

    implementation(const implementation&) = delete;
    implementation& operator=(const implementation&) = delete;

    std::shared_ptr<connection_plan> plan;
    std::optional<tls_server_transports> tls{};
    std::atomic<std::chrono::milliseconds> drain;
    std::atomic<std::chrono::milliseconds> hand_over_time{};
    std::vector<endpoint> locals;
    std::vector<socket_file> files;
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
    void hand_over(serving_loop& one);
    void finish_one(serving_loop& one);
};

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
    if (one.drained) return;
    const auto time = drain.load();
    const auto until = std::chrono::steady_clock::now() + time;
    for (auto& each : one.accepting) each.finish(until);
    one.loop.drain(time, [this, &one] { finish_one(one); });
}

void server::implementation::hand_over(serving_loop& one) {
    if (one.stopping || one.hand_over_end) return;
    one.hand_over_end.emplace([this, &one] {
        if (!one.stopping) stop(one);
    });
    one.loop.timers().arm(*one.hand_over_end,
                          std::chrono::steady_clock::now() + hand_over_time.load());
    for (auto& each : one.accepting) each.stop();
    one.loop.when_empty([this, &one] { finish_one(one); });
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
                              service_factory make_service, server_settings settings) {
    return listen(listening_places{{where}}, framing, std::move(make_service), settings);
}

result<server> server::listen(const listening_places& where, const framing& framing,
                              service_factory make_service, server_settings settings) try {
    if (auto checked = check(settings); !checked) return tl::unexpected(checked.error());
    const auto threads = std::max(settings.threads, 1U);
    auto self = std::make_unique<implementation>(framing, std::move(make_service), settings);
    if (settings.tls) {
        auto loaded = tls_server_transports::load(*settings.tls);
        if (!loaded) return tl::unexpected(loaded.error());
        self->tls = std::move(*loaded);
        self->plan->make_transport = [made_by = *self->tls] { return made_by.make(); };
        self->plan->handshakes_max = settings.tls->handshakes_max;
        self->plan->handshakes_per_second_max = settings.tls->handshakes_per_second_max;
    }
    if (auto started = self->threads.start(threads - 1); !started) {
        return tl::unexpected(started.error());
    }
    auto listening = listen_at(where, threads);
    if (!listening) return tl::unexpected(listening.error());
    self->loops_running = threads;
    self->locals = std::move(listening->locals);
    self->files = std::move(listening->files);
    for (auto& one : listening->of_loop) {
        self->loops.push_back(std::make_unique<serving_loop>(self->plan, std::move(one)));
    }
    return server(std::move(self));
} catch (const std::system_error& none_left) {
    const auto at = where.addresses.empty() ? "" : " on " + where.addresses.front().text();
    return tl::unexpected(
        failure{fmt::format("cannot listen{}: {}", at, system_words(none_left.code().value()))});
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

void server::hand_over(std::chrono::milliseconds at_most) {
    auto& self = *self_;
    self.hand_over_time = at_most;
    // The files are the successor's before a loop can end, and with it the server.
    self.loops.front()->loop.post([&self] {
        for (auto& one : self.files) one.abandon();
        for (auto& one : self.loops) {
            one->loop.post_urgent([&self, &one = *one] { self.hand_over(one); });
        }
    });
}

std::vector<adopted_socket> server::listeners() const {
    std::vector<adopted_socket> all;
    std::vector<ino_t> known;  // loops may have duplicates of one socket
    for (const auto& loop : self_->loops) {
        for (const auto& one : loop->accepting) {
            struct stat status {};
            if (::fstat(one.descriptor(), &status) != 0) continue;
            if (std::ranges::find(known, status.st_ino) != known.end()) continue;
            known.push_back(status.st_ino);
            const auto at = local_endpoint(one.descriptor());
            const bool owns = at.kind == endpoint::family::local &&
                              std::ranges::any_of(self_->files, [&](const auto& file) {
                                  return file.path() == at.host;
                              });
            all.push_back({one.descriptor(), owns, one.is_kept()});
        }
    }
    return all;
}

void server::change(const server_settings& settings) {
    self_->plan->change(settings.limits);
    self_->plan->connections_max = settings.connections_max;
    self_->plan->addresses.limit(per_address_max(settings));
    self_->plan->admission->change(settings);
    self_->drain = settings.drain;
}

void server::when_responsive(std::function<void()> then) {
    const auto left = std::make_shared<std::atomic<std::size_t>>(self_->loops.size());
    const auto last = std::make_shared<std::function<void()>>(std::move(then));
    for (auto& one : self_->loops) {
        one->loop.post([left, last] {
            if (left->fetch_sub(1) == 1) (*last)();
        });
    }
}

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

void server::set_access(address_rules rules) { self_->plan->admission->replace(std::move(rules)); }
result<void> server::reload_tls() {
    if (!self_->tls) return {};
    return self_->tls->reload();
}

endpoint server::local() const { return self_->locals.front(); }
std::vector<endpoint> server::locals() const { return self_->locals; }

server_statistics server::statistics() const {
    const auto& plan = *self_->plan;
    server_statistics total{.open = plan.open.load(),
                            .connections_max = plan.connections_max.load(),
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
        from.handshake_time.add_to(total.handshake_time);
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
