#pragma once

#include "framewire/session/session.hpp"

#include <optional>

namespace framewire::tests {

/// Gives every payload to `answer` until the session says nothing more, as a connection does, but
/// does not hold; answers what else it said last.
template <class Answer>
std::optional<event> answer_all(session& peer, Answer answer) {
    std::optional<event> other;
    while (auto said = peer.next([&](const piece& part, std::uint64_t) {
        answer(part.payload);
        return true;
    })) {
        if (said->what != event::kind::frame) {
            other = said;
        } else {
            answer(said->piece.payload);
        }
    }
    return other;
}

/// The same for bytes that have just arrived, and stay where they are.
template <class Answer>
std::optional<event> answer_all(session& peer, bytes input, Answer answer) {
    peer.receive(input);
    return answer_all(peer, answer);
}

}  // namespace framewire::tests
