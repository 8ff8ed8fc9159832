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

    /// After a gap, another one.
    [[nodiscard]] session& receiver() noexcept { return *session_; }
    [[nodiscard]] const session& receiver() const noexcept { return *session_; }
    /// How many bytes of the peer there were, missing ones included.
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

private:
    void pass_gap(std::uint64_t missing);

    limits limits_;
    delivery mode_;
    time_point now_{};
    std::uint64_t offset_ = 0;
    std::optional<session> session_;
};

}  // namespace framewire
