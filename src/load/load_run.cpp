#include "load_run.hpp"

#include "load_loop.hpp"

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace framewire {
namespace {

// Beyond this, the ports of one source address may run out.
constexpr std::uint64_t one_source_max = 25'000;
constexpr std::uint32_t loopback_net = 127;

std::chrono::nanoseconds cpu_time() noexcept {
    rusage used{};
    (void)::getrusage(RUSAGE_SELF, &used);
    const auto of = [](const timeval& time) {
        return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

bool is_loopback(const socket_address& at) noexcept {
    if (at.data()->sa_family != AF_INET) return false;
    const auto* const in = reinterpret_cast<const sockaddr_in*>(at.data());
    return ntohl(in->sin_addr.s_addr) >> 24 == loopback_net;
}

}  // namespace

struct load_run::state {
    state(load_plan given, std::vector<socket_address> at)
        : plan(std::move(given)),
          endpoints(std::move(at)),
          common{plan, plan.messages, endpoints, start_gate(plan.threads)} {}

    load_plan plan;
    std::vector<socket_address> endpoints;
    load_common common;
    std::deque<load_loop> loops;
    std::vector<std::thread> threads;
    std::chrono::nanoseconds cpu_before = cpu_time();
    std::mutex mutex;
    std::condition_variable ended;
    unsigned running = 0;

    void begin();
    void run(load_loop& loop);
    void join();
};

void load_run::state::begin() {
    const std::uint64_t count = plan.threads;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto first = plan.connections * i / count;
        loops.emplace_back(common, first, plan.connections * (i + 1) / count - first);
    }
    running = plan.threads;
    threads.reserve(plan.threads);
    for (auto& loop : loops) threads.emplace_back([this, &loop] { run(loop); });
}

void load_run::state::run(load_loop& loop) {
    // By default, the system may wake a thread 50 us late to save power.
    (void)::prctl(PR_SET_TIMERSLACK, 1UL);
    try {
        loop.run();
    } catch (const std::exception&) {
        common.abandon = true;
        common.fail(failure{"out of memory"});  // needs none itself
    }
    const std::lock_guard lock(mutex);
    --running;
    ended.notify_all();
}

void load_run::state::join() {
    for (auto& thread : threads) thread.join();
    threads.clear();
}

load_run::load_run(std::unique_ptr<state> own) : state_(std::move(own)) {}
load_run::load_run(load_run&&) noexcept = default;

load_run::~load_run() {
    if (!state_) return;
    state_->common.abandon = true;
    state_->common.stop = true;
    state_->common.gate.cancel();
    state_->join();
}

result<load_run> load_run::start(load_plan plan) {
    auto endpoints = resolve(plan.target, false);
    if (!endpoints) return tl::unexpected(endpoints.error());
    plan.threads = static_cast<unsigned>(
        std::clamp<std::uint64_t>(plan.threads, 1, std::max<std::uint64_t>(plan.connections, 1)));
    if (!plan.source && plan.connections > one_source_max && is_loopback(endpoints->front())) {
        plan.source = *source_range::parse("127.0.0.0/8");
    }
    load_run made(std::make_unique<state>(std::move(plan), std::move(*endpoints)));
    made.state_->begin();
    return made;
}

bool load_run::wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(state_->mutex);
    return state_->ended.wait_for(lock, timeout, [&] { return state_->running == 0; });
}

load_run::view load_run::snapshot() const {
    view seen;
    load_slice latest;
    for (const auto& loop : state_->loops) {
        auto figures = loop.figures();
        seen.messages += figures.messages;
        seen.faults += figures.faults;
        seen.open += figures.open;
        latest.add(figures.latest);
        seen.elapsed = std::max(seen.elapsed, figures.elapsed);
    }
    seen.messages_per_second = latest.rate();
    seen.p99 = latest.percentile(99);
    return seen;
}

void load_run::stop() {
    if (state_->common.stop.exchange(true)) state_->common.abandon = true;
    state_->common.gate.cancel();
}

result<load_result> load_run::finish() {
    state_->join();
    if (state_->common.why) return tl::unexpected(*state_->common.why);
    load_result all;
    for (const auto& loop : state_->loops) all.add(loop.result());
    all.cpu = cpu_time() - state_->cpu_before;
    all.interrupted = state_->common.stop;
    all.hopeless = state_->common.hopeless;
    return all;
}

}  // namespace framewire
