#pragma once

#include "framewire/service/detail/peer_link.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <unordered_map>
#include <utility>

namespace framewire {

/// The members of a room whose connections belong to one loop. Only that loop's thread uses it.
class room_members {
public:
    explicit room_members(std::shared_ptr<std::atomic<std::size_t>> count) noexcept
        : count_(std::move(count)) {}

    void add(std::shared_ptr<peer_link> who) {
        auto* const key = who.get();
        if (members_.emplace(key, std::move(who)).second) ++*count_;
    }
    void remove(const peer_link& who) noexcept { *count_ -= members_.erase(&who); }

    // A member that overflows leaves meanwhile, so the next one is found first.
    void send(const std::shared_ptr<shared_message>& message, const peer_link* except,
              overflow policy) {
        for (auto at = members_.begin(); at != members_.end();) {
            const auto member = (at++)->second;
            if (member.get() == except) continue;
            try {
                member->push_here(message, policy);
            } catch (const std::bad_alloc&) {
                member->lose();
            }
        }
    }

private:
    std::shared_ptr<std::atomic<std::size_t>> count_;
    std::unordered_map<const peer_link*, std::shared_ptr<peer_link>> members_;
};

}  // namespace framewire
