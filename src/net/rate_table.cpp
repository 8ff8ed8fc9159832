#include "rate_table.hpp"

#include <algorithm>

namespace framewire {

std::shared_ptr<peer_rates> rate_table::of(const address_key& host, time_point now) {
    const std::lock_guard lock(mutex_);
    if (messages_ == 0 && bytes_ == 0) return nullptr;
    if (host.family == 0) return std::make_shared<peer_rates>(messages_, bytes_);
    if (const auto found = hosts_.find(host); found != hosts_.end()) return found->second;
    if (hosts_.size() >= full_at_) forget_idle(now);
    return hosts_.emplace(host, std::make_shared<peer_rates>(messages_, bytes_)).first->second;
}

// Those that are not connected, and have all of their tokens, are as good as new. Each search
// makes room for as many as it has to look at again, so it costs little for each host.
void rate_table::forget_idle(time_point now) {
    std::erase_if(hosts_, [now](const auto& one) {
        const auto& rates = *one.second;
        return one.second.use_count() == 1 && rates.messages.is_full(now) &&
               rates.bytes.is_full(now);
    });
    full_at_ = std::max(hosts_min, 2 * hosts_.size());
}

void rate_table::limit(std::uint64_t messages_per_second, std::uint64_t bytes_per_second) {
    const std::lock_guard lock(mutex_);
    if (messages_ == messages_per_second && bytes_ == bytes_per_second) return;
    messages_ = messages_per_second;
    bytes_ = bytes_per_second;
    hosts_.clear();
}

std::size_t rate_table::size() const {
    const std::lock_guard lock(mutex_);
    return hosts_.size();
}

}  // namespace framewire
