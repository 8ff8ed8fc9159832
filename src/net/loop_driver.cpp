#include "loop_driver.hpp"

#include <utility>

namespace framewire {

// While it exists, this thread drives. Ends with the lock held.
class loop_driver::driving {
public:
    driving(loop_driver& of, std::unique_lock<std::mutex>& lock) : of_(of), lock_(lock) {
        of.driver_ = std::this_thread::get_id();
    }
    driving(const driving&) = delete;
    driving& operator=(const driving&) = delete;
    ~driving() {
        if (!lock_.owns_lock()) lock_.lock();
        of_.driver_ = {};
        of_.changed_.notify_all();
    }

private:
    loop_driver& of_;
    std::unique_lock<std::mutex>& lock_;
};

loop_driver::loop_driver(task after_round) : after_round_(std::move(after_round)) {}

bool loop_driver::run(const task& first, const condition& done) {
    std::unique_lock lock(mutex_);
    if (drives_here()) return false;
    if (may_drive()) {
        drive(lock, done, &first);
    } else {
        loop_.post(first);
    }
    while (!done()) {
        if (may_drive()) {
            drive(lock, done);
        } else {
            changed_.wait(lock);
        }
    }
    return true;
}

// Until the caller has what it waits for, or the thread of its own takes over.
void loop_driver::drive(std::unique_lock<std::mutex>& lock, const condition& done,
                        const task* first) {
    const driving here(*this, lock);
    if (first != nullptr) {
        lock.unlock();
        loop_.run_here(*first);
        after_round_();
        lock.lock();
    }
    while (!done() && !is_wanted_) {
        lock.unlock();
        loop_.run_once();
        after_round_();
        lock.lock();
    }
}

void loop_driver::start_thread(std::shared_ptr<void> owner) {
    const std::lock_guard lock(mutex_);
    if (thread_.joinable() || stops_) return;
    thread_ = std::thread([this, owner = std::move(owner)] { drive_for_good(); });
    is_wanted_ = true;
    loop_.post_urgent([] {});  // wakes the thread that drives now
}

void loop_driver::drive_for_good() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return driver_ == std::thread::id(); });
    is_wanted_ = false;
    drive(lock, [this] { return stops_; });
}

void loop_driver::stop() {
    std::unique_lock lock(mutex_);
    stops_ = true;
    if (!thread_.joinable()) return;
    if (drives_here()) return thread_.detach();
    loop_.post_urgent([] {});
    lock.unlock();
    thread_.join();
}

}  // namespace framewire
