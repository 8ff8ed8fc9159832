#include "output.hpp"

#include "file.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>

namespace framewire {
namespace {

// A writable pipe accepts this much without blocking (PIPE_BUF).
constexpr std::size_t certain_bytes = 4096;
// How far a reader may lag: a busy minute of a console.
constexpr std::size_t backlog_bytes_max = 16 * 1024UL * 1024UL;
constexpr std::chrono::milliseconds farewell{500};

bool can_take(int descriptor) {
    pollfd watched{descriptor, POLLOUT, 0};
    return ::poll(&watched, 1, 0) == 1;
}

}  // namespace

// Shared with a thread that may still be blocked in a write when the program ends.
struct output::backlog {
    std::mutex mutex;
    std::condition_variable changed;
    std::string text;
    std::uint64_t left_out = 0;
    bool writing = false;

    // Alternates with `output::write`, until nothing is left.
    void drain(int descriptor) {
        std::unique_lock lock(mutex);
        while (!text.empty() || left_out > 0) {
            auto data = std::exchange(text, {});
            if (left_out > 0) {
                data += fmt::format("# {} bytes left out: nobody read them in time\n",
                                    std::exchange(left_out, 0));
            }
            lock.unlock();
            const bool written = write_all(descriptor, data);
            lock.lock();
            if (!written) text.clear();
        }
        writing = false;
        changed.notify_all();
    }
};

output::~output() {
    if (!backlog_) return;
    std::unique_lock lock(backlog_->mutex);
    backlog_->changed.wait_for(lock, farewell, [&] { return !backlog_->writing; });
}

void output::write(std::string_view text) {
    const std::lock_guard turn(mutex_);
    if (backlog_) {
        const std::lock_guard lock(backlog_->mutex);
        if (backlog_->writing) {
            if (backlog_->text.size() + text.size() > backlog_bytes_max) {
                backlog_->left_out += text.size();
            } else {
                backlog_->text += text;
            }
            return;
        }
    }
    while (!text.empty() && can_take(descriptor_)) {
        const auto beginning = text.substr(0, certain_bytes);
        if (!write_all(descriptor_, beginning)) return;
        text.remove_prefix(beginning.size());
    }
    if (text.empty()) return;
    if (!backlog_) backlog_ = std::make_shared<backlog>();
    backlog_->text = text;
    backlog_->writing = true;
    std::thread([kept = backlog_, descriptor = descriptor_] { kept->drain(descriptor); }).detach();
}

}  // namespace framewire
