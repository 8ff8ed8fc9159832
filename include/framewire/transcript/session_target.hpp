#pragma once

#include "framewire/session/session.hpp"
#include "framewire/transcript/player.hpp"

#include <optional>

namespace framewire {

/// A session in memory, whose clock is the conversation's. It has no service, so it sends nothing
/// to the peer.
class session_target final : public play_target {
public:
    explicit session_target(const framing& framing, const limits& limits = {},
                            delivery mode = delivery::whole);

    /// Reports every event.
    [[nodiscard]] result<void> perform(const action& todo, player& watching) override;

    /// The two halves of `perform`, for callers that print events themselves: `apply` performs the
    /// peer's action; then call `next` until it returns nothing. `todo.data` must stay valid until
    /// then.
    void apply(const action& todo);
    /// A frame's payload is valid until the next call.
    [[nodiscard]] std::optional<event> next();

    [[nodiscard]] session& receiver() noexcept { return session_; }
    [[nodiscard]] const session& receiver() const noexcept { return session_; }

private:
    time_point now_{};
    session session_;
};

}  // namespace framewire
