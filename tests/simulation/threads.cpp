#include "threads.hpp"

#include "memory.hpp"

#include <algorithm>
#include <utility>

namespace framewire::tests {

std::size_t thread_table::start(std::function<void()> body) {
    threads_.push_back(std::make_unique<thread>([run = std::move(body)] {
        const allocating_for product(memory_owner::product);
        run();
    }));
    return threads_.size();
}

bool thread_table::wait(const std::function<bool()>& ready, nanoseconds until) {
    auto& self = *threads_.at(running_ - 1);
    self.ready = &ready;
    self.until = until;
    self.body.suspend();
    self.ready = nullptr;
    return ready();
}

bool thread_table::run_one(random_source& random, nanoseconds now) {
    std::vector<std::size_t> able;
    for (std::size_t at = 0; at < threads_.size(); ++at) {
        const auto& one = *threads_[at];
        if (one.body.done()) continue;
        if (one.ready == nullptr || one.until <= now || (*one.ready)()) able.push_back(at);
    }
    if (able.empty()) return false;
    const auto chosen = able[random.below(able.size())];
    running_ = chosen + 1;
    if (const auto& one = *threads_[chosen]; one.ready != nullptr && one.until < now) {
        lateness_ = std::max(lateness_, now - one.until);
    }
    threads_[chosen]->body.resume();
    running_ = 0;
    return true;
}

nanoseconds thread_table::next() const noexcept {
    auto first = nanoseconds::max();
    for (const auto& one : threads_) {
        if (!one->body.done()) first = std::min(first, one->until);
    }
    return first;
}

std::size_t thread_table::waiting() const noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(threads_, [](const auto& one) { return !one->body.done(); }));
}

}  // namespace framewire::tests
