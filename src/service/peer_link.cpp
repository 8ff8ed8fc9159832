#include "framewire/service/detail/peer_link.hpp"

#include "framewire/core/units.hpp"
#include "room_members.hpp"

#include <utility>

namespace framewire {
namespace {

constexpr std::size_t counted_bytes = 64 * KiB;

}  // namespace

peer_link::peer_link(std::shared_ptr<executor> loop, link_target& target, peer who,
                     std::size_t waiting_bytes_max)
    : loop_(std::move(loop)),
      who_(std::move(who)),
      waiting_bytes_max_(waiting_bytes_max),
      target_(&target) {}

void peer_link::post(std::function<void(link_target&)> task) noexcept {
    if (!connected_) return;
    try {
        loop_->post([self = shared_from_this(), task = std::move(task)] {
            if (self->target_ != nullptr) task(*self->target_);
        });
    } catch (...) {
        lose();
    }
}

void peer_link::lose() noexcept {
    has_lost_ = true;
    loop_->notify_lost();
}

bool peer_link::push(std::shared_ptr<shared_message> message, overflow policy) {
    switch (enqueue(std::move(message), policy)) {
        case outcome::dropped: return false;
        case outcome::queued: return true;
        case outcome::to_be_pulled: post([](link_target& to) { to.pull(); }); return true;
        case outcome::overflowed: break;
    }
    post([](link_target& to) { to.give_up(errc::limit_pushed, "too much waits to be pushed"); });
    return false;
}

void peer_link::push_here(const std::shared_ptr<shared_message>& message, overflow policy) {
    if (target_ == nullptr) return;
    const auto result = enqueue(message, policy);
    if (result == outcome::to_be_pulled) target_->pull();
    if (result == outcome::overflowed) {
        target_->give_up(errc::limit_pushed, "too much waits to be pushed");
    }
}

peer_link::outcome peer_link::enqueue(std::shared_ptr<shared_message> message, overflow policy) {
    const auto cost = message->cost();
    const std::lock_guard lock(mutex_);
    if (!connected_ || refuses_) return outcome::dropped;
    if (is_overflowed_) {
        ++dropped_;
        return outcome::dropped;
    }
    const auto is_empty = [this] { return first_ == waiting_.size(); };
    // One message may exceed the bound, as a reply may.
    const auto fits = [&] { return is_empty() || waiting_bytes_ + cost <= waiting_bytes_max_; };
    const bool was_empty = is_empty();  // if not, the connection knows that something waits
    if (!fits()) {
        if (policy != overflow::drop_oldest) ++dropped_;
        if (policy == overflow::drop_newest) return outcome::dropped;
        if (policy == overflow::close) {
            is_overflowed_ = true;
            return outcome::overflowed;
        }
        for (; !fits(); ++dropped_) pop();
    }
    waiting_.push_back(std::move(message));
    const auto before = std::exchange(waiting_bytes_, waiting_bytes_ + cost);
    // So that the connection counts what waits.
    const bool grew = before / counted_bytes != waiting_bytes_ / counted_bytes;
    return was_empty || grew ? outcome::to_be_pulled : outcome::queued;
}

std::size_t peer_link::waiting_bytes() {
    const std::lock_guard lock(mutex_);
    return waiting_bytes_;
}

std::shared_ptr<shared_message> peer_link::take() {
    const std::lock_guard lock(mutex_);
    return first_ == waiting_.size() ? nullptr : pop();
}

// A peer for whom nothing waits costs no memory. What has been taken is erased once it is half of
// the queue, which may never be empty.
std::shared_ptr<shared_message> peer_link::pop() {
    auto message = std::move(waiting_[first_++]);
    waiting_bytes_ -= message->cost();
    if (first_ == waiting_.size()) {
        std::vector<std::shared_ptr<shared_message>>().swap(waiting_);
        first_ = 0;
    } else if (first_ * 2 >= waiting_.size()) {
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
    return message;
}

// A peer may join and leave all day, also rooms that are gone since.
void peer_link::joined(const std::shared_ptr<room_members>& members) {
    std::erase_if(rooms_, [&](const auto& one) {
        const auto known = one.lock();
        return !known || known == members;
    });
    rooms_.push_back(members);
}

void peer_link::left(const room_members& members) noexcept {
    std::erase_if(rooms_, [&](const auto& one) { return one.lock().get() == &members; });
}

void peer_link::refuse_pushes() noexcept {
    const std::lock_guard lock(mutex_);
    refuses_ = true;
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
    waiting_bytes_ = 0;
}

}  // namespace framewire
