#include "measured_service.hpp"

#include <utility>

namespace framewire {

using clock = std::chrono::steady_clock;

void measured_service::receive(const piece& message, outbox& replies) {
    const auto began = clock::now();
    measured_->receive(message, replies);
    pieces_ += clock::now() - began;
    if (message.last) into_.add(std::exchange(pieces_, {}));
}

std::size_t measured_service::receive_run(const payload_run& messages, outbox& replies) {
    const auto began = clock::now();
    const auto taken = measured_->receive_run(messages, replies);
    if (taken > 0) into_.add((clock::now() - began) / taken, taken);
    return taken;
}

}  // namespace framewire
