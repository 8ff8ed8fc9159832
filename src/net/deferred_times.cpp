#include "deferred_times.hpp"

#include <algorithm>

namespace framewire {

void deferred_times::end(std::uint64_t slot, time_point now) noexcept {
    const auto found = std::ranges::find(since_, slot, &begun::slot);
    if (found == since_.end()) return;
    into_.add(now - found->at);
    since_.erase(found);
}

void deferred_times::forget(std::uint64_t slot) noexcept {
    std::erase_if(since_, [slot](const begun& one) { return one.slot == slot; });
}

}  // namespace framewire
