#pragma once

#include "fault.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace framewire {

/// The faults of a proxy at one time.
struct fault_set {
    std::vector<fault> faults{};
    std::uint64_t seed = 0;
    std::uint64_t number = 0;  ///< of those that there have been
};

/// The faults of a proxy, which may be replaced while it runs. Thread-safe.
class live_faults {
public:
    explicit live_faults(fault_set first)
        : now_(std::make_shared<const fault_set>(std::move(first))) {}

    [[nodiscard]] std::shared_ptr<const fault_set> now() const {
        const std::lock_guard lock(mutex_);
        return now_;
    }
    /// True if that set is no longer the latest.
    [[nodiscard]] bool has_replaced(const fault_set& one) const noexcept {
        return number_.load(std::memory_order_relaxed) != one.number;
    }
    void replace(std::vector<fault> faults, std::uint64_t seed) {
        const std::lock_guard lock(mutex_);
        now_ = std::make_shared<const fault_set>(
            fault_set{std::move(faults), seed, now_->number + 1});
        number_.store(now_->number, std::memory_order_relaxed);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const fault_set> now_;
    std::atomic<std::uint64_t> number_{0};
};

}  // namespace framewire
