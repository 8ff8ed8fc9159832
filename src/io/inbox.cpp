#include "inbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <new>
#include <system_error>
#include <utility>

namespace framewire {
namespace {

constexpr std::size_t capacity_at_rest = 4 * inbox::urgent_max;
constexpr std::size_t capacity_max = 1024;

}  // namespace

inbox::inbox() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!wake_.is_open()) throw std::system_error(errno, std::system_category(), "eventfd");
    tasks_.reserve(capacity_at_rest);
    taken_.reserve(capacity_at_rest);
}

void inbox::post(task one) {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return;
    if (tasks_.size() + urgent_max >= tasks_.capacity()) tasks_.reserve(2 * tasks_.capacity());
    tasks_.push_back(std::move(one));
    if (tasks_.size() == 1) wake();
}

void inbox::post_urgent(task one) noexcept {
    const std::lock_guard lock(mutex_);
    if (is_closed_ || tasks_.size() == tasks_.capacity()) return;
    tasks_.push_back(std::move(one));
    if (tasks_.size() == 1) wake();
}

void inbox::notify_lost() noexcept {
    has_lost_ = true;
    wake();
}

// One write wakes the loop for all tasks that come before it takes them.
void inbox::wake() noexcept {
    constexpr std::uint64_t once = 1;
    (void)!::write(wake_.get(), &once, sizeof once);
}

// Tasks are destroyed without the lock, as what they own may post.
void inbox::close() {
    std::vector<task> dropped;
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    dropped.swap(tasks_);
}

void inbox::ready(interest /*found*/) {
    const bool continues = !taken_.empty();
    take_all();
    try {
        while (next_ < taken_.size()) std::exchange(taken_[next_++], nullptr)();
    } catch (...) {
        wake();
        throw;
    }
    next_ = 0;
    empty_taken();
    if (continues) wake();
}

// A burst must not keep its memory.
void inbox::empty_taken() noexcept {
    taken_.clear();
    if (taken_.capacity() <= capacity_max) return;
    try {
        std::vector<task> small;
        small.reserve(capacity_at_rest);
        taken_.swap(small);
    } catch (const std::bad_alloc&) {
        return;
    }
}

// The descriptor is read first: a task that is posted in between wakes the loop once more.
void inbox::take_all() {
    std::uint64_t count = 0;
    (void)!::read(wake_.get(), &count, sizeof count);
    if (!taken_.empty()) return;
    const std::lock_guard lock(mutex_);
    taken_.swap(tasks_);
}

}  // namespace framewire
