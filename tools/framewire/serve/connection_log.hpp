#pragma once

#include "framewire/net/observer.hpp"
#include "server_log.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

namespace framewire {

/// Logs each connection that has ended or was refused, in one line, and a few lines a second of
/// every kind, so that faulty clients cannot flood the log. Thread-safe.
class connection_log final : public observer {
public:
    /// `protocol` is what the connections speak.
    connection_log(server_log& log, std::string protocol)
        : log_(log), protocol_(std::move(protocol)) {}

    [[nodiscard]] bool observes_traffic() const noexcept override { return false; }
    void on(const peer& who, const occurrence& what) override;

    /// Says how many lines were left out since the last time that was said.
    void finish();
    /// Lines left out so far.
    [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }

private:
    struct budget {
        std::chrono::steady_clock::time_point second{};
        std::uint64_t lines = 0;
        std::uint64_t left_out = 0;
    };

    void opened(const peer& who);
    void closed(const peer& who, const occurred::closed& end);
    void refused(const peer& who, const occurred::refused& how);
    [[nodiscard]] log_record about(const peer& who, log_level level, std::string_view event,
                                   std::string words) const;
    void write(std::size_t kind, const log_record& one);
    void write_left_out(std::size_t kind);

    server_log& log_;
    const std::string protocol_;
    std::mutex mutex_;
    std::array<budget, errc_count + 3> budgets_{};  // by error, and of other kinds
    std::atomic<std::uint64_t> left_out_{0};
    std::atomic<bool> has_hinted_{false};  // that others may fit: once is enough
};

}  // namespace framewire
