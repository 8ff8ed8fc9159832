#include "framewire/service/detail/peer_link.hpp"

#include "room_members.hpp"

#include <utility>

namespace framewire {

peer_link::peer_link(std::shared_ptr<executor> loop, link_target& target, peer who,
                     std::size_t waiting_bytes_max)
    : loop_(std::move(loop)),
      who_(std::move(who)),
      waiting_bytes_max_(waiting_bytes_max),
      target_(&target) {}

void peer_link::post(std::function<void(link_target&)> task) {
    if (!connected_) return;
    loop_->post([self = shared_from_this(), task = std::move(task)] {
        if (self->target_ != nullptr) task(*self->target_);
    });
}

bool peer_link::push(std::shared_ptr<shared_message> message, overflow policy) {
    switch (enqueue(std::move(message), policy)) {
        case outcome::dropped: return false;
        case outcome::queued: return true;
        case outcome::queued_first: post([](link_target& to) { to.pull(); }); return true;
        case outcome::overflowed: break;
    }
    post([](link_target& to) { to.give_up(errc::limit_pushed, "too much waits to be pushed"); });
    return false;
}

void peer_link::push_here(const std::shared_ptr<shared_message>& message, overflow policy) {
    if (target_ == nullptr) return;
    const auto result = enqueue(message, policy);
    if (result == outcome::queued_first) target_->pull();
    if (result == outcome::overflowed) {
        target_->give_up(errc::limit_pushed, "too much waits to be pushed");
    }
}

peer_link::outcome peer_link::enqueue(std::shared_ptr<shared_message> message, overflow policy) {
    const auto size = message->size();
    const std::lock_guard lock(mutex_);
    if (!connected_) return outcome::dropped;
    const auto is_empty = [this] { return first_ == waiting_.size(); };
    // One message may exceed the bound, as a reply may.
    const auto fits = [&] { return is_empty() || waiting_bytes_ + size <= waiting_bytes_max_; };
    if (!fits()) {
        if (policy != overflow::drop_oldest) ++dropped_;
        if (policy == overflow::drop_newest) return outcome::dropped;
        if (policy == overflow::close) return outcome::overflowed;
        while (!fits()) {
            waiting_bytes_ -= waiting_[first_]->size();
            waiting_[first_++].reset();
            ++dropped_;
        }
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
    const bool was_empty = is_empty();
    waiting_bytes_ += size;
    waiting_.push_back(std::move(message));
    return was_empty ? outcome::queued_first : outcome::queued;
}

// A peer for whom nothing waits costs no memory.
std::shared_ptr<shared_message> peer_link::take() {
    const std::lock_guard lock(mutex_);
    if (first_ == waiting_.size()) return nullptr;
    auto message = std::move(waiting_[first_++]);
    waiting_bytes_ -= message->size();
    if (first_ == waiting_.size()) {
        std::vector<std::shared_ptr<shared_message>>().swap(waiting_);
        first_ = 0;
    }
    return message;
}

void peer_link::cut() noexcept {
    target_ = nullptr;
    for (const auto& one : std::exchange(rooms_, {})) {
        if (const auto members = one.lock()) members->remove(*this);
    }
    std::vector<std::shared_ptr<shared_message>> unsent;
    const std::lock_guard lock(mutex_);
    connected_ = false;
    unsent.swap(waiting_);
    first_ = 0;
}

}  // namespace framewire
