#include "inbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace framewire {

inbox::inbox() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!wake_.is_open()) throw std::system_error(errno, std::system_category(), "eventfd");
}

// One write wakes the loop for all tasks that come before it takes them.
void inbox::post(task one) {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return;
    tasks_.push_back(std::move(one));
    if (tasks_.size() > 1) return;
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
    auto tasks = take_all();
    for (auto& one : tasks) std::exchange(one, nullptr)();
}

// The descriptor is read first: a task that is posted in between wakes the loop once more.
std::vector<inbox::task> inbox::take_all() {
    std::uint64_t count = 0;
    (void)!::read(wake_.get(), &count, sizeof count);
    const std::lock_guard lock(mutex_);
    return std::exchange(tasks_, {});
}

}  // namespace framewire
