#include "signals.hpp"

#include <fmt/format.h>
#include <array>

namespace framewire {
namespace {

constexpr std::array handled{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1};

}  // namespace

held_signals::held_signals() {
    ::sigemptyset(&held_);
    for (const int one : handled) ::sigaddset(&held_, one);
    ::pthread_sigmask(SIG_BLOCK, &held_, nullptr);
}

// Whatever we were started with: a server that cannot be stopped is of no use.
void held_signals::release() noexcept { ::pthread_sigmask(SIG_UNBLOCK, &held_, nullptr); }

void handle_signals(server& of, server_log& log) {
    (void)std::signal(SIGUSR2, SIG_IGN);
    of.stop_on_signals();
    of.on_signal(SIGQUIT, [&of] {
        of.stop();
        of.stop();
    });
    of.on_signal(SIGUSR1, [&] { log.write(statistics_line(of.statistics())); });
}

std::string statistics_line(const server_statistics& now) {
    auto line =
        fmt::format("{} connections, {} of them open; {} frames; {} bytes received, {} bytes sent",
                    now.accepted, now.open, now.frames, now.bytes_received, now.bytes_sent);
    if (now.skipped > 0) line += fmt::format("; {} frames skipped for their size", now.skipped);
    if (now.dropped > 0) line += fmt::format("; {} pushed messages dropped", now.dropped);
    const auto failed = failure_counts(now);
    if (!failed.empty()) line += "; failed: " + failed;
    return line;
}

std::string failure_counts(const server_statistics& now) {
    std::string counts;
    for (std::size_t i = 1; i < now.failures.size(); ++i) {
        if (now.failures.at(i) == 0) continue;
        counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ",
                              error_name(static_cast<errc>(i)), now.failures.at(i));
    }
    return counts;
}

}  // namespace framewire
