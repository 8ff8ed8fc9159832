#pragma once

#include "framewire/session/session.hpp"

#include <optional>

namespace framewire::tests {

/// Calls `answer` with every payload until the session has no more events, as a connection does,
/// but does not hold. Returns the last other event.
template <class Answer>
std::optional<event> answer_all(session& peer, Answer answer) {
    std::optional<event> other;
    while (auto next = peer.next([&](const piece& part, std::uint64_t) {
        answer(part.payload);
        return true;
    })) {
        if (next->what != event::kind::frame) {
            other = next;
        } else {
            answer(next->piece.payload);
        }
    }
    return other;
}

/// The same after receiving bytes, which must stay valid.
template <class Answer>
std::optional<event> answer_all(session& peer, bytes input, Answer answer) {
    peer.receive(input);
    return answer_all(peer, answer);
}

}  // namespace framewire::tests
