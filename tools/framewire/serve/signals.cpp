#include "signals.hpp"

#include <fmt/format.h>
#include <array>

namespace framewire {
namespace {

constexpr std::array handled{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

}  // namespace

held_signals::held_signals() {
    ::sigemptyset(&held_);
    for (const int one : handled) ::sigaddset(&held_, one);
    ::pthread_sigmask(SIG_BLOCK, &held_, nullptr);
}

// Whatever we were started with: a server that cannot be stopped is of no use.
void held_signals::release() noexcept { ::pthread_sigmask(SIG_UNBLOCK, &held_, nullptr); }

void handle_signals(server& of, server_log& log, const signal_actions& actions) {
    of.on_signal(SIGUSR2, actions.replace);
    for (const int one : {SIGINT, SIGTERM}) of.on_signal(one, actions.stopping);
    if (actions.reload) {
        for (const int one : {SIGINT, SIGTERM}) of.on_signal(one, [&of] { of.stop(); });
        of.on_signal(SIGHUP, actions.reload);
    } else {
        of.stop_on_signals();
    }
    of.on_signal(SIGQUIT, [&of] {
        of.stop();
        of.stop();
    });
    of.on_signal(SIGUSR1, [&] { log.write(statistics_record(of.statistics(), "statistics")); });
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

log_record statistics_record(const server_statistics& now, std::string_view event) {
    const auto closed = [&now](close_reason::kind why) {
        return now.closed.at(static_cast<std::size_t>(why));
    };
    log_record line(log_level::notice, event, statistics_line(now));
    line.add("accepted", now.accepted).add("open", now.open).add("refused", now.refused);
    line.add("closed_by_peer", closed(close_reason::kind::by_peer));
    line.add("closed_by_service", closed(close_reason::kind::by_service));
    line.add("closed_by_drain", closed(close_reason::kind::by_drain));
    line.add("closed_by_error", closed(close_reason::kind::by_error));
    line.add("handshakes", now.handshakes).add("frames", now.frames);
    line.add("skipped", now.skipped).add("dropped", now.dropped);
    line.add("received", now.bytes_received).add("sent", now.bytes_sent);
    line.add("memory", now.memory_held).add("failed", failure_counts(now)).message({});
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
