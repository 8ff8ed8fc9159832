#include "measure.hpp"

#include "cli/progress.hpp"
#include "load/load_run.hpp"
#include "report.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <csignal>
#include <ctime>

namespace framewire {
namespace {

// Blocks the signals here and in the threads of the run, and polls them between snapshots.
class end_signals {
public:
    end_signals() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    }
    end_signals(const end_signals&) = delete;
    end_signals& operator=(const end_signals&) = delete;
    ~end_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    [[nodiscard]] bool came() const {
        const timespec at_once{};
        return ::sigtimedwait(&signals_, nullptr, &at_once) > 0;
    }

private:
    sigset_t signals_{};
    sigset_t before_{};
};

std::string how_far(const load_plan& plan, const load_run::view& seen) {
    if (plan.duration.count() == 0) {
        return fmt::format("{} of {}", format_count(static_cast<double>(seen.messages)),
                           format_count(static_cast<double>(plan.count)));
    }
    return fmt::format("{:.0f} s of {:g} s", in_seconds(seen.elapsed), in_seconds(plan.duration));
}

std::vector<std::string> live_parts(const load_plan& plan, const load_run::view& seen) {
    std::vector<std::string> parts{
        how_far(plan, seen), fmt::format("{} messages/s", format_count(seen.messages_per_second))};
    if (plan.expects_replies()) parts.push_back(fmt::format("p99 {}", format_latency(seen.p99)));
    parts.push_back(fmt::format("{} open", seen.open));
    parts.push_back(fmt::format("{} errors", seen.faults));
    return parts;
}

}  // namespace

result<load_result> measure(const load_plan& plan) {
    constexpr std::chrono::milliseconds snapshot_pause{50};
    const end_signals signals;
    auto run = load_run::start(plan);
    if (!run) return tl::unexpected(run.error());
    progress line(true);
    while (!run->wait(snapshot_pause)) {
        if (signals.came()) run->stop();
        line.show(live_parts(plan, run->snapshot()));
    }
    return run->finish();
}

}  // namespace framewire
