#include "loop_threads.hpp"

#include "framewire/core/error.hpp"

#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace framewire {

result<void> loop_threads::start(std::size_t count) try {
    threads_.reserve(count);
    while (threads_.size() < count) {
        threads_.emplace_back([this, index = threads_.size()] { wait_and_run(index); });
    }
    return {};
} catch (const std::system_error& refused) {
    // One more runs the first loop: the caller's.
    return tl::unexpected(
        failure{fmt::format("cannot start thread {} of {}: {}", threads_.size() + 2, count + 1,
                            system_words(refused.code().value())),
                "use fewer threads, or raise the limit ('ulimit -u')"});
}

void loop_threads::run(std::function<void(std::size_t)> act) {
    const std::lock_guard lock(mutex_);
    act_ = std::move(act);
    begun_ = true;
    changed_.notify_all();
}

void loop_threads::join() {
    {
        const std::lock_guard lock(mutex_);
        begun_ = true;
        changed_.notify_all();
    }
    for (auto& one : threads_) one.join();
    threads_.clear();
}

void loop_threads::wait_and_run(std::size_t index) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return begun_; });
    lock.unlock();
    if (act_) act_(index);
}

}  // namespace framewire
