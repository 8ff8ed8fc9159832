#pragma once

#include "framewire/net/observer.hpp"

#include <spdlog/logger.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// Tells several observers everything, in order.
class observers final : public observer {
public:
    void add(observer& one) { all_.push_back(&one); }

    [[nodiscard]] bool watches_traffic() const noexcept override;

    void opened(const peer& who) override;
    void received_bytes(const peer& who, bytes part) override;
    void received(const peer& who, const piece& part, std::uint64_t offset) override;
    void skipped(const peer& who, std::uint64_t size, std::uint64_t offset) override;
    void peer_ended(const peer& who) override;
    void sent_bytes(const peer& who, bytes part) override;
    void closed(const peer& who, const close_reason& why) override;
    void refused(errc why) override;
    void turn_ends() override;

private:
    std::vector<observer*> all_;
};

/// Logs why connections ended badly, one line each and a few a second of every kind, so that bad
/// clients cannot flood the log. Thread-safe.
class error_log final : public observer {
public:
    explicit error_log(std::shared_ptr<spdlog::logger> log) : log_(std::move(log)) {}

    [[nodiscard]] bool watches_traffic() const noexcept override { return false; }
    void closed(const peer& who, const close_reason& why) override;
    void refused(errc why) override;

private:
    struct budget {
        std::chrono::steady_clock::time_point second{};
        unsigned lines = 0;
        std::uint64_t left_out = 0;
    };

    void write(errc code, std::string_view line);

    std::shared_ptr<spdlog::logger> log_;
    std::mutex mutex_;
    std::array<budget, errc_count + 1> budgets_{};
};

}  // namespace framewire
