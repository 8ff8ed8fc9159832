#include "output_queue.hpp"

#include "framewire/core/units.hpp"

#include <poll.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

namespace framewire {
namespace {

// How far a reader may lag: a busy minute of a console.
constexpr std::size_t backlog_bytes_max = 16 * MiB;
// What peers may cause. Nobody reads a megabyte a second, and a disk of 100 GB takes it for a day;
// the burst is a test run of 800 000 short messages, of which no line should be missing.
constexpr std::int64_t shown_bytes_per_second = 1 * MiB;
constexpr std::int64_t shown_burst_bytes = 16 * MiB;
// Written at once: what a slow reader has taken makes room soon.
constexpr std::size_t step_bytes = 64 * KiB;

constexpr std::string_view not_read = "nobody read them in time";
constexpr std::string_view too_many = "more than 1 MiB in a second";
constexpr std::string_view not_written = "they could not be written";

std::uint64_t lines_in(std::string_view text) noexcept {
    return static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
}

// Waits for the reader. Returns how much was written: less than all if the descriptor fails.
std::size_t write_to(int descriptor, std::string_view text) noexcept {
    std::size_t done = 0;
    while (done < text.size()) {
        const auto size = ::write(descriptor, text.data() + done, text.size() - done);
        if (size >= 0) {
            done += static_cast<std::size_t>(size);
        } else if (errno == EAGAIN) {
            // Another program made the descriptor non-blocking; we can only wait.
            pollfd watched{descriptor, POLLOUT, 0};
            (void)::poll(&watched, 1, -1);
        } else if (errno != EINTR) {
            break;
        }
    }
    return done;
}

}  // namespace

output_queue::output_queue(int descriptor, remark_format remarks) noexcept
    : descriptor_(descriptor),
      remarks_(remarks),
      budget_(shown_bytes_per_second, shown_burst_bytes) {}

void output_queue::add(std::string_view lines) {
    {
        const std::lock_guard lock(mutex_);
        keep(lines);
    }
    changed_.notify_one();
}

// Where memory cannot be had, lines are missing as if nobody had read them.
void output_queue::keep(std::string_view lines) {
    lags_ = unwritten_ + lines.size() > (lags_ ? backlog_bytes_max / 2 : backlog_bytes_max);
    if (lags_) {
        unread_ += lines_in(lines);
        return;
    }
    try {
        if (unread_ > 0) append(remark(remarks_, unread_, not_read).text());
        unread_ = 0;
        if (above_ > 0 && budget_.is_open(byte_budget::clock::now())) {
            append(remark(remarks_, above_, too_many).text());
            above_ = 0;
        }
        append(lines);
    } catch (const std::bad_alloc&) {
        unread_ += lines_in(lines);
    }
}

void output_queue::append(std::string_view lines) {
    waiting_ += lines;
    unwritten_ += lines.size();
}

// Needs no memory, so that nothing but the end ends it.
void output_queue::run() noexcept {
    std::string taken;
    std::unique_lock lock(mutex_);
    while (true) {
        wait_for_work(lock);
        if (!waiting_.empty()) {
            taken.swap(waiting_);
            lock.unlock();
            write_out(taken);
            taken.clear();
            // The memory of a burst is not kept.
            if (taken.capacity() > step_bytes) taken.shrink_to_fit();
            lock.lock();
        } else if (unread_ > 0) {
            write_remark(unread_, not_read, lock);
        } else if (above_ > 0 && (ending_ || budget_.is_open(byte_budget::clock::now()))) {
            write_remark(above_, too_many, lock);
        } else if (ending_) {
            break;
        }
    }
    ended_ = true;
    written_.notify_all();
}

// The remark on the budget comes once that is open again, even if nothing else is written.
void output_queue::wait_for_work(std::unique_lock<std::mutex>& lock) {
    const auto has_work = [this] { return !waiting_.empty() || unread_ > 0 || ending_; };
    if (above_ > 0) {
        (void)changed_.wait_until(lock, budget_.opens_at(), has_work);
    } else {
        changed_.wait(lock, [&] { return has_work() || above_ > 0; });
    }
}

void output_queue::write_remark(std::uint64_t& lines, std::string_view why,
                                std::unique_lock<std::mutex>& lock) noexcept {
    const remark missing(remarks_, std::exchange(lines, 0), why);
    unwritten_ += missing.text().size();
    lock.unlock();
    write_out(missing.text());
    lock.lock();
}

void output_queue::write_out(std::string_view lines) noexcept {
    bool works = repair();
    while (works && !lines.empty()) {
        const auto step = lines.substr(0, step_bytes);
        const auto done = put(step);
        works = done == step.size();
        lines.remove_prefix(done);
        settle(done);
    }
    failed_ += lines_in(lines);
    settle(lines.size());
}

// Says which lines could not be written; false if this cannot be written, either.
bool output_queue::repair() noexcept {
    if (failed_ == 0) return true;
    if (inside_line_ && put("\n") == 0) return false;
    const remark missing(remarks_, failed_, not_written);
    if (put(missing.text()) < missing.text().size()) return false;
    failed_ = 0;
    return true;
}

std::size_t output_queue::put(std::string_view text) noexcept {
    const auto done = write_to(descriptor_, text);
    if (done > 0) inside_line_ = text[done - 1] != '\n';
    return done;
}

void output_queue::settle(std::size_t size) noexcept {
    const std::lock_guard lock(mutex_);
    unwritten_ -= size;
    if (unwritten_ == 0) written_.notify_all();
}

bool output_queue::await(std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    return written_.wait_for(lock, longest, [this] { return unwritten_ == 0; });
}

bool output_queue::is_empty() {
    const std::lock_guard lock(mutex_);
    return unwritten_ == 0;
}

bool output_queue::admits() {
    const std::lock_guard lock(mutex_);
    if (budget_.is_open(byte_budget::clock::now())) return true;
    if (above_++ == 0) changed_.notify_one();
    return false;
}

void output_queue::charge(std::size_t size) {
    const std::lock_guard lock(mutex_);
    budget_.spend(size);
}

bool output_queue::end(std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    ending_ = true;
    changed_.notify_one();
    return written_.wait_for(lock, longest, [this] { return ended_; });
}

}  // namespace framewire
