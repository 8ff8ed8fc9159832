#include "framewire/session/detail/frame_budget.hpp"

namespace framewire {

bool frame_budget::refill(time_point now) noexcept {
    if (now - refilled_ >= pause) {
        const auto elapsed = std::min<std::chrono::milliseconds>(
            std::chrono::duration_cast<std::chrono::milliseconds>(now - refilled_),
            std::chrono::seconds(1));
        const auto count = static_cast<std::uint64_t>(elapsed.count());
        tokens_ = std::max<std::uint64_t>(
            1, per_second_ / 1000 * count + per_second_ % 1000 * count / 1000);
        refilled_ = now;
        yields_ = false;
        // A whole second without demand ends the excess.
        if (count == 1000) paused_since_ = time_point::max();
    }
    if (tokens_ > 0) return true;
    if (!yields_ && paused_since_ == time_point::max()) paused_since_ = now;
    return false;
}

}  // namespace framewire
