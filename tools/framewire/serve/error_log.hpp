#pragma once

#include "framewire/net/observer.hpp"
#include "server_log.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace framewire {

/// Logs the errors that end connections, one line each and a few a second of every kind, so that
/// faulty clients cannot flood the log. Thread-safe.
class error_log final : public observer {
public:
    explicit error_log(server_log& log) : log_(log) {}

    [[nodiscard]] bool observes_traffic() const noexcept override { return false; }
    void on(const peer& who, const occurrence& what) override;

private:
    struct budget {
        std::chrono::steady_clock::time_point second{};
        unsigned lines = 0;
        std::uint64_t left_out = 0;
    };

    void closed(const peer& who, const close_reason& why);
    void refused(const peer& who, const occurred::refused& how);
    void write(errc code, std::string_view line);

    server_log& log_;
    std::mutex mutex_;
    std::array<budget, errc_count + 1> budgets_{};
};

}  // namespace framewire
