#include "watchdog.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>

namespace framewire {
namespace {

// A loop that hangs leaves the question unanswered, and the init system hears nothing more.
void report_alive(const std::stop_token& stop, server& of, const notifier& to) {
    const auto pause = to.watchdog() / 2;
    const auto asked = std::make_shared<std::atomic<bool>>(false);
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        if (!asked->exchange(true)) {
            of.when_responsive([&to, asked] {
                to.alive();
                *asked = false;
            });
        }
        (void)stopped.wait_for(lock, stop, pause, [] { return false; });
    }
}

}  // namespace

watchdog::watchdog(server& of, const notifier& to) {
    if (!to.is_wanted() || to.watchdog().count() == 0) return;
    thread_ =
        std::jthread([&of, &to](const std::stop_token& stop) { report_alive(stop, of, to); });
}

}  // namespace framewire
