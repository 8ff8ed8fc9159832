// How a client gets its connection, and the next one.

#include "client_core.hpp"
#include "connection.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

namespace framewire {
namespace {

using clock = std::chrono::steady_clock;

// Doubles with every attempt. Half of it is random, so that many clients that lost the same server
// do not come back at the same time.
std::chrono::milliseconds pause_before(unsigned attempt, const reconnect_policy& policy,
                                       std::minstd_rand& random) {
    constexpr unsigned doublings_max = 20;
    const auto pause =
        std::min(policy.longest, policy.first * (1 << std::min(attempt, doublings_max)));
    std::uniform_int_distribution<std::chrono::milliseconds::rep> half(0, pause.count() / 2);
    return pause - std::chrono::milliseconds(half(random));
}

}  // namespace

bool client_core::open(owned_descriptor socket) noexcept {
    has_left_ = false;
    const auto opened = loop_.open(plan_, {std::move(socket)});
    if (!opened) return false;
    if (has_left_) return true;
    connection_ = *opened;
    loop_.survive([this] { send_waiting(); });
    return true;
}

void client_core::send_waiting() {
    while (auto next = requests_.take_unsent()) {
        if (transmit(next->payload, next->expects_reply, next->rest)) continue;
        return requests_.add(std::move(*next));
    }
}

void client_core::reconnect_later(const wire_error& lost) noexcept {
    const auto& policy = settings_.reconnect;
    if (attempts_ >= policy.attempts_max) return end(copy_of(lost));
    reconnect_at_ = clock::now() + pause_before(attempts_++, policy, random_);
    arm();
}

// A name may lead elsewhere by now. To resolve it blocks this thread, on which only this client
// depends.
void client_core::reconnect() noexcept {
    reconnect_at_ = time_point::max();
    try {
        auto candidates = resolve(where_, false);
        if (!candidates) return connected(tl::unexpected(std::move(candidates.error())));
        loop_.connect(where_, std::move(*candidates), settings_.connect_timeout,
                      [this](result<owned_descriptor> socket) { connected(std::move(socket)); });
    } catch (const std::bad_alloc&) {
        reconnect_later(error_with(errc::limit_memory, ""));
    }
}

void client_core::connected(result<owned_descriptor> socket) noexcept {
    if (over_) return;
    if (!socket) {
        return reconnect_later(error_with(errc::io_failed, socket.error().message().c_str()));
    }
    if (!open(std::move(*socket))) {
        reconnect_later(error_with(errc::limit_fd, "no descriptor is left"));
    }
}

}  // namespace framewire
