#pragma once

#include "store.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace framewire {

/// Replies that wait until the messages before them are stored elsewhere, too. Thread-safe.
class held_replies {
public:
    void hold(held_reply one) {
        {
            const std::lock_guard lock(mutex_);
            if (one.offset > done_) {
                const auto offset = one.offset;
                waiting_.emplace(offset, std::move(one));
                return;
            }
        }
        one.give();
    }

    /// Everything up to this offset is stored.
    void give_until(std::uint64_t offset) {
        std::vector<held_reply> ready;
        {
            const std::lock_guard lock(mutex_);
            done_ = offset;
            const auto end = waiting_.upper_bound(offset);
            for (auto at = waiting_.begin(); at != end; ++at)
                ready.push_back(std::move(at->second));
            waiting_.erase(waiting_.begin(), end);
        }
        for (auto& one : ready) one.give();
    }

    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return waiting_.size();
    }

private:
    mutable std::mutex mutex_;
    std::multimap<std::uint64_t, held_reply> waiting_;
    std::uint64_t done_ = 0;
};

}  // namespace framewire
