#pragma once

#include "framewire/net/server.hpp"
#include "server_log.hpp"

#include <csignal>
#include <functional>
#include <string>

namespace framewire {

/// Keeps the signals that end or question a server waiting, in this thread and in those that it
/// starts. So one that comes while the server starts ends it in order, once it can.
class held_signals {
public:
    held_signals();
    held_signals(const held_signals&) = delete;
    held_signals& operator=(const held_signals&) = delete;
    ~held_signals() { release(); }

    /// Lets those through that have come, and all that come later.
    void release() noexcept;

private:
    sigset_t held_{};
};

/// What signals ask for besides stopping. Called on the thread of `server::run`.
struct signal_actions {
    /// The server has begun to stop.
    std::function<void()> stopping{};
    /// SIGHUP; if empty, that stops the server as a closed terminal should.
    std::function<void()> reload{};
    /// SIGUSR2.
    std::function<void()> replace{};
};

/// What signals do to `serve` (docs/command.md). Requires: `log`, and all that the actions use,
/// outlives `of`.
void handle_signals(server& of, server_log& log, const signal_actions& actions);

/// What has happened since the server began to listen, in one line.
[[nodiscard]] std::string statistics_line(const server_statistics& now);

/// The same as a line of the log; as `event`.
[[nodiscard]] log_record statistics_record(const server_statistics& now, std::string_view event);

/// How many connections failed, by error: `io.reset 3, frame.syntax 1`; empty if none did.
[[nodiscard]] std::string failure_counts(const server_statistics& now);

}  // namespace framewire
