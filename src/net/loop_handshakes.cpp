#include "loop_handshakes.hpp"

#include "connection.hpp"
#include "connection_plan.hpp"

namespace framewire {

void loop_handshakes::begin(open_handshake& one, connection_plan& plan) noexcept {
    const bool fits = plan.handshakes.fetch_add(1) < plan.handshakes_max;
    if (!fits && !open_.empty()) open_.front().of.refuse_handshake();
    open_.push_back(one);
}

void loop_handshakes::end(open_handshake& one, connection_plan& plan) noexcept {
    if (!one.is_linked()) return;
    one.unlink();
    plan.handshakes.fetch_sub(1);
}

bool loop_handshakes::admits(std::uint64_t per_second, time_point now) noexcept {
    if (per_second == 0) return true;
    if (!rate_) rate_.emplace(per_second);
    return rate_->left(now) > 0;
}

}  // namespace framewire
