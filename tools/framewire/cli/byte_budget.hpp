#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// A budget of bytes a second, and of a burst after a quiet time. Once spent, it stays closed for
/// a second: what is left out is left out in a few large gaps.
class byte_budget {
public:
    using clock = std::chrono::steady_clock;

    byte_budget(std::int64_t bytes_per_second, std::int64_t burst_bytes) noexcept
        : rate_(bytes_per_second), burst_(burst_bytes), left_(burst_bytes) {}

    [[nodiscard]] bool is_open(clock::time_point now) noexcept;
    /// May overdraw the budget; the debt is paid by later seconds.
    void spend(std::size_t size) noexcept {
        left_ -= static_cast<std::int64_t>(size);
        closed_ = closed_ || left_ <= 0;
    }
    /// When a closed budget opens again, if nothing is spent until then.
    [[nodiscard]] clock::time_point opens_at() const noexcept;

private:
    std::int64_t rate_;
    std::int64_t burst_;
    std::int64_t left_;
    bool closed_ = false;
    clock::time_point counted_{};  // up to when `left_` has grown
};

}  // namespace framewire
