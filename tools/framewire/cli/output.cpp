#include "output.hpp"

#include "framewire/core/error.hpp"
#include "output_queue.hpp"

#include <sys/stat.h>
#include <csignal>
#include <system_error>

namespace framewire {
namespace {

constexpr std::chrono::milliseconds farewell{500};

}  // namespace

output::output(int descriptor, pace how, remark_format remarks)
    : queue_(std::make_shared<output_queue>(descriptor, remarks)), pace_(how) {}

output::~output() {
    if (!thread_.joinable()) return;
    queue_->end(farewell) ? thread_.join() : thread_.detach();
}

result<void> output::start() {
    // Signals are for the threads that know of them.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    result<void> started;
    try {
        thread_ = std::thread([queue = queue_] { queue->run(); });
    } catch (const std::system_error& error) {
        started = tl::unexpected(failure{"cannot make a thread for what is printed: " +
                                         system_words(error.code().value())});
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return started;
}

void output::write(std::string_view lines) {
    if (pace_ == pace::own) return queue_->add(lines);
    // A reader that lags is not waited for again until it has read everything.
    const bool waits = is_read_ || queue_->is_empty();
    queue_->add(lines);
    is_read_ = waits && queue_->await(farewell);
}

bool output::admits() { return queue_->admits(); }

bool is_same_file(int one, int other) noexcept {
    struct stat first {};
    struct stat second {};
    return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

void output::charge(std::size_t size) { queue_->charge(size); }

}  // namespace framewire
