#pragma once

#include "framewire/transcript/player.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire::tests {

/// What can happen to a conversation instead of its next step.
enum class fault : std::uint8_t { reset, eof, timeout };

/// Plays to another target, but for one step, where the fault happens instead. What follows is
/// played all the same: nothing may come of it.
class failing_target final : public play_target {
public:
    failing_target(play_target& inner, std::size_t step, fault what)
        : inner_(inner), step_(step), fault_(what) {}

    result<void> perform(const action& todo, player& watching) override {
        const bool fails = performed_++ == step_;
        return inner_.perform(fails ? failure() : todo, watching);
    }

    /// False if the conversation has fewer steps.
    [[nodiscard]] bool has_failed() const noexcept { return performed_ > step_; }

private:
    [[nodiscard]] action failure() const {
        switch (fault_) {
            case fault::reset: return {.what = action::kind::reset};
            case fault::eof: return {.what = action::kind::end};
            case fault::timeout: break;
        }
        // Longer than every deadline of the default limits.
        return {.what = action::kind::wait, .elapsed = std::chrono::hours(24)};
    }

    play_target& inner_;
    std::size_t step_;
    fault fault_;
    std::size_t performed_ = 0;
};

}  // namespace framewire::tests
