#pragma once

#include "fiber.hpp"
#include "random.hpp"
#include "timeline.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace framewire::tests {

/// The threads of the simulated program: one runs at a time, until it waits.
class thread_table {
public:
    /// Returns its number, which is never 0.
    std::size_t start(std::function<void()> body);
    /// The running thread waits until `ready()`, or `until`. Returns `ready()`.
    bool wait(const std::function<bool()>& ready, nanoseconds until = nanoseconds::max());
    /// Runs one of those that do not wait any more; false if there is none.
    bool run_one(random_source& random, nanoseconds now);
    /// When the first of them stops waiting, whatever happens.
    [[nodiscard]] nanoseconds next() const noexcept;

    /// By how much a thread was resumed too late, at most.
    [[nodiscard]] nanoseconds lateness() const noexcept { return lateness_; }

    /// 0 for none.
    [[nodiscard]] std::size_t running() const noexcept { return running_; }
    [[nodiscard]] bool is_done(std::size_t number) const noexcept {
        return threads_.at(number - 1)->body.done();
    }
    [[nodiscard]] std::size_t waiting() const noexcept;

private:
    struct thread {
        explicit thread(std::function<void()> run) : body(std::move(run)) {}

        fiber body;
        const std::function<bool()>* ready = nullptr;  // null: need not wait
        nanoseconds until = nanoseconds::max();
    };
    std::vector<std::unique_ptr<thread>> threads_;
    std::size_t running_ = 0;
    nanoseconds lateness_{};
};

}  // namespace framewire::tests
