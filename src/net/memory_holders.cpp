#include "memory_holders.hpp"

#include "connection.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace framewire {
namespace {

// Smaller ones are many, and free little.
constexpr std::size_t listed_bytes_min = 4 * KiB;
// How often a loop looks whether memory is left again.
constexpr std::chrono::milliseconds check_pause{50};
constexpr std::chrono::seconds freed_pause{1};

}  // namespace

connection& memory_holders::of(memory_holder& one) noexcept {
    return static_cast<connection&>(one);  // NOLINT: each of them is a connection
}

std::size_t memory_holders::place_of(std::size_t size) noexcept {
    return size < listed_bytes_min ? 0 : static_cast<std::size_t>(std::bit_width(size)) - 1;
}

void memory_holders::charge(connection& one, std::size_t size,
                            const std::shared_ptr<memory_budget>& budget) noexcept {
    if (budget_ != budget) budget_ = budget;
    memory_holder& holder = one;
    const auto before = holder.charged_;
    if (size > before) {
        budget->add(size - before);
        if (budget->held() > budget->reading_max()) is_short_ = true;
    } else {
        budget->subtract(before - size);
        if (freed_check_at_ == time_point::max() && budget->has_freed_much()) {
            freed_check_at_ = std::chrono::steady_clock::now() + freed_pause;
            timers_.arm(*this, freed_check_at_);
        }
    }
    put(holder, size);
    if (holder.is_withheld_ && !holder.is_linked()) {
        holder.is_withheld_ = false;
        one.withhold(false);
    }
}

void memory_holders::put(memory_holder& one, std::size_t size) noexcept {
    const auto listed = [](std::size_t of) { return of < listed_bytes_min ? 0 : of; };
    listed_bytes_ += listed(size) - listed(one.charged_);
    if (one.is_withheld_) withheld_bytes_ += listed(size) - listed(one.charged_);
    const auto from = place_of(std::exchange(one.charged_, size));
    const auto to = place_of(size);
    if (from == to && (to == 0 || one.is_linked())) return;
    one.unlink();
    if (to > 0) (one.is_withheld_ ? withheld_ : read_from_).at(to).push_back(one);
}

memory_holder* memory_holders::largest(lists_by_size& all) noexcept {
    const auto found =
        std::find_if(all.rbegin(), all.rend(), [](auto& at) { return !at.empty(); });
    return found == all.rend() ? nullptr : &found->front();
}

void memory_holders::relieve() noexcept {
    is_short_ = false;
    if (budget_->held() > budget_->keeping_max()) end_largest();
    if (budget_->held() > budget_->reading_max()) withhold_largest();
}

// What a connection held is freed at the end of the round, and no longer counted.
void memory_holders::end_largest() noexcept {
    while (budget_->held() > budget_->keeping_max()) {
        auto* one = largest(read_from_);
        auto* other = largest(withheld_);
        if (one == nullptr || (other != nullptr && other->charged_ >= one->charged_)) one = other;
        if (one == nullptr) return;
        of(*one).give_up(errc::limit_memory, {});
        if (one->is_linked()) one->unlink();
    }
}

// Half of what is held grows no more; the others may be those that ask for little.
void memory_holders::withhold_largest() noexcept {
    const auto until = std::chrono::steady_clock::now() + withheld_max;
    while (withheld_bytes_ < listed_bytes_ / 2) {
        auto* const one = largest(read_from_);
        if (one == nullptr) break;
        one->unlink();
        one->is_withheld_ = true;
        one->withheld_until_ = until;
        withheld_bytes_ += one->charged_;
        withheld_.at(place_of(one->charged_)).push_back(*one);
        of(*one).withhold(true);
    }
    timers_.arm(*this, std::chrono::steady_clock::now() + check_pause);
}

void memory_holders::readmit_all() noexcept {
    for (auto& at : withheld_) {
        while (!at.empty()) {
            auto& one = at.front();
            at.pop_front();
            one.is_withheld_ = false;
            read_from_.at(place_of(one.charged_)).push_back(one);
            of(one).withhold(false);
        }
    }
    withheld_bytes_ = 0;
}

void memory_holders::end_overdue(time_point now) noexcept {
    for (auto& at : withheld_) {
        for (auto next = at.begin(); next != at.end();) {
            auto& one = *next++;
            if (now >= one.withheld_until_) of(one).give_up(errc::limit_memory, {});
        }
    }
}

time_point memory_holders::on_timer(time_point now) noexcept {
    if (now >= freed_check_at_) {
        budget_->release_freed();
        freed_check_at_ = budget_->has_freed_much() ? now + freed_pause : time_point::max();
    }
    if (budget_->held() <= budget_->reading_max()) {
        readmit_all();
        return freed_check_at_;
    }
    end_overdue(now);
    relieve();
    return std::min(freed_check_at_, now + check_pause);
}

}  // namespace framewire
