#include "framewire/service/room.hpp"

#include "room_members.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace framewire {

struct room::state {
    struct shard {
        std::shared_ptr<executor> loop;
        std::shared_ptr<room_members> members;
    };

    // The shard of a loop, which is made by the first of its connections that joins.
    shard& at(const std::shared_ptr<executor>& loop) {
        const auto found = find(loop);
        if (found != shards.end()) return *found;
        return shards.emplace_back(loop, std::make_shared<room_members>(count));
    }
    std::vector<shard>::iterator find(const std::shared_ptr<executor>& loop) {
        return std::ranges::find(shards, loop, &shard::loop);
    }

    overflow policy{};
    std::mutex mutex;  // held while posting, so that all loops see one order
    std::vector<shard> shards;
    std::shared_ptr<std::atomic<std::size_t>> count =
        std::make_shared<std::atomic<std::size_t>>(0);
    std::atomic<std::size_t> waiting_bytes{0};
    std::atomic<std::uint64_t> dropped{0};
};

namespace {

// Counts down when the loop has sent the payload, or has dropped the task.
class claim {
public:
    claim(std::shared_ptr<void> owner, std::atomic<std::size_t>& counter, std::size_t size)
        : owner_(std::move(owner)), counter_(counter), size_(size) {
        counter_ += size_;
    }
    claim(const claim&) = delete;
    claim& operator=(const claim&) = delete;
    ~claim() { counter_ -= size_; }

private:
    std::shared_ptr<void> owner_;
    std::atomic<std::size_t>& counter_;
    std::size_t size_;
};

}  // namespace

room::room(overflow policy) : state_(std::make_shared<state>()) { state_->policy = policy; }

void room::join(const peer_handle& who) {
    if (!who.connected()) return;
    const std::lock_guard lock(state_->mutex);
    const auto members = state_->at(who.link_->loop()).members;
    who.link_->post([members, link = who.link_](link_target&) {
        try {
            link->joined(members);
            members->add(link);
        } catch (const std::bad_alloc&) {
            link->lose();
        }
    });
}

void room::leave(const peer_handle& who) {
    if (!who.connected()) return;
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->find(who.link_->loop());
    if (found == state_->shards.end()) return;
    who.link_->post([members = found->members, link = who.link_](link_target&) {
        members->remove(*link);
        link->left(*members);
    });
}

bool room::send(bytes payload, const peer_handle& except) {
    if (state_->waiting_bytes >= waiting_bytes_max) {
        ++state_->dropped;
        return false;
    }
    const auto message = std::make_shared<shared_message>(std::string(payload));
    const auto claimed = std::make_shared<claim>(state_, state_->waiting_bytes, message->cost());
    const std::lock_guard lock(state_->mutex);
    for (const auto& one : state_->shards) {
        one.loop->post(
            [members = one.members, message, claimed, excluded = except.link_,
             policy = state_->policy] { members->send(message, excluded.get(), policy); });
    }
    return true;
}

std::size_t room::size() const noexcept { return *state_->count; }
std::uint64_t room::dropped() const noexcept { return state_->dropped; }

}  // namespace framewire
