#include "program_link.hpp"

#include <sys/socket.h>
#include <utility>

namespace framewire {

program_link::program_link(const peer_handle& peer)
    : to_program(
          std::make_shared<one_way>(peer, [](outbox& program) { program.shutdown_send(); })),
      to_peer(std::make_shared<one_way>(peer_handle(), [](outbox& to) { to.close(); })) {
    to_peer->goes_to(peer);
}

void program_link::program_ended(program_outcome outcome) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(outcome.failure);
    if (peer_left_) return;
    far_end_ = std::move(outcome.stream);
    ::shutdown(far_end_.get(), SHUT_WR);
}

void program_link::peer_left() {
    to_peer->drop();
    to_program->end();
    const std::lock_guard lock(mutex_);
    peer_left_ = true;
    far_end_.close();
}

std::string program_link::failure() {
    const std::lock_guard lock(mutex_);
    return failure_;
}

}  // namespace framewire
