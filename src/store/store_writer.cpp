#include "store_writer.hpp"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

namespace framewire {
namespace {

// So often the mark is written, what is too old is deleted, and a full disk is tried again.
constexpr std::chrono::seconds rest_period{1};

// Those who send one message and wait come back one after the other: for as long as this part of
// a transaction, the next one waits for as many as the last one had.
constexpr int gathering_share = 2;
constexpr std::chrono::milliseconds gathering_max{2};

// Readers that wait for a message, and may have left since: above this, the first is forgotten.
constexpr std::size_t tasks_max = 4'096;

// The log of changes is copied into the file when it has so many pages (64 MiB): often enough to
// restart in a second, and so seldom that, with small messages, fewer than one transaction in a
// hundred waits for it. With nothing to do, that is done earlier.
constexpr int logged_pages_max = 16'384;
constexpr int logged_pages_at_rest = 1'024;

// An expression that finds too much would fill the file with ids.
constexpr std::size_t stored_id_bytes_max = 1024;

// How much upkeep does at a time, so that nobody waits long for it.
constexpr std::uint64_t trimmed_at_rest = 512;
constexpr std::int64_t compacted_pages = 256;

// Nobody knows what is on the disk after these: nothing is written before a new start.
bool is_latched(errc code) noexcept {
    return code == errc::store_failed || code == errc::store_corrupt;
}

// Without memory, something is not done; the thread continues.
template <class Work>
void try_to(Work work) {
    try {
        work();
    } catch (const std::bad_alloc&) {
    }
}

store_time time_now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

store_writer::store_writer(store_file file, store_settings settings, durability survives)
    : file_(std::move(file)), settings_(std::move(settings)) {
    shown_.survives = survives;
    shown_.first = file_.first();
    shown_.next = file_.next();
    shown_.used_bytes = file_.used_bytes().value_or(0);
    thread_ = std::thread([this] { work(); });
}

store_writer::~store_writer() {
    {
        const std::lock_guard lock(mutex_);
        stops_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void store_writer::append(store_request request) {
    const std::lock_guard lock(mutex_);
    const auto count = request.sizes.size();
    requests_.push_back(std::move(request));
    waiting_ += count;
    if (waiting_ >= wanted_) changed_.notify_one();
}

void store_writer::run(std::uint64_t after, std::function<void(store_file&)> task) {
    const std::lock_guard lock(mutex_);
    if (tasks_.size() == tasks_max) tasks_.erase(tasks_.begin());
    tasks_.push_back({after, std::move(task)});
    wanted_ = 0;
    changed_.notify_one();
}

store_statistics store_writer::statistics() const {
    const std::lock_guard lock(mutex_);
    auto shown = shown_;
    shown.waiting = waiting_;
    return shown;
}

void store_writer::work() {
    std::unique_lock lock(mutex_);
    while (!stops_ || !requests_.empty()) {
        changed_.wait_for(lock, rest_period,
                          [this] { return stops_ || !requests_.empty() || has_task(); });
        if (!requests_.empty()) gather(lock);
        taken_.swap(requests_);
        const auto count = std::exchange(waiting_, 0);
        std::vector<task> ready;
        try_to([&] { ready = take_tasks(); });
        lock.unlock();
        if (count > 0) write(count);
        try_to([&] { run_tasks(ready); });
        ready.clear();
        if (clock::now() - rested_ >= rest_period) try_to([this] { rest(); });
        lock.lock();
        shown_.first = file_.first();
    }
    lock.unlock();
    if (latched_) return file_.keep_log();
    (void)file_.checkpoint();
}

bool store_writer::has_task() const {
    return std::ranges::any_of(tasks_,
                               [this](const task& one) { return one.after < shown_.next; });
}

std::vector<store_writer::task> store_writer::take_tasks() {
    std::vector<task> ready;
    const auto later = std::stable_partition(
        tasks_.begin(), tasks_.end(), [this](const task& one) { return one.after < shown_.next; });
    std::move(tasks_.begin(), later, std::back_inserter(ready));
    tasks_.erase(tasks_.begin(), later);
    return ready;
}

// They may write, too.
void store_writer::run_tasks(std::vector<task>& ready) {
    if (ready.empty()) return;
    for (auto& one : ready) one.run(file_);
    if (!latched_) checkpoint_above(logged_pages_max);
}

void store_writer::gather(std::unique_lock<std::mutex>& lock) {
    if (waiting_ >= latest_count_ || stops_) return;
    wanted_ = latest_count_;
    const auto most = std::min<clock::duration>(latest_time_ / gathering_share, gathering_max);
    changed_.wait_for(lock, most, [this] { return stops_ || waiting_ >= wanted_; });
    wanted_ = 0;
}

void store_writer::write(std::size_t count) {
    try_to([&] { store_and_answer(count); });
    // Without memory for an acknowledgement, a message that is stored has none.
    for (auto& one : taken_) {
        if (one.reply.owed()) one.reply.fail(errc::store_busy, {});
    }
    taken_.clear();
}

void store_writer::store_and_answer(std::size_t count) {
    const auto began = clock::now();
    answers_.clear();
    std::optional<store_failure> failed;
    if (latched_) {
        failed = *latched_;
    } else if (auto done = try_to_store(); !done) {
        failed = std::move(done.error());
        latch(*failed);
    }
    const auto took = clock::now() - began;
    latest_time_ = took;
    latest_count_ = count;
    if (failed) answers_.refuse_all(count, *failed);
    note_written(took, failed);
    answers_.give(taken_);
    if (!failed) checkpoint_above(logged_pages_max);
}

// The words need memory; that nothing is stored any more must not depend on it.
void store_writer::latch(const store_failure& why) {
    if (!is_latched(why.code) || latched_) return;
    latched_.emplace(store_failure{why.code, {}});
    latched_->words = why.words;
}

store_result<void> store_writer::try_to_store() {
    try {
        return store_all();
    } catch (const std::bad_alloc&) {
        file_.roll_back();
        return tl::unexpected(store_failure{errc::store_busy, "out of memory"});
    }
}

// Deletes twice as much as it adds, so that the file becomes smaller and nobody notices.
store_result<void> store_writer::store_all() {
    if (auto begun = file_.begin(); !begun) return begun;
    if (settings_.outbox && settings_.keep.bytes_max > 0) {
        used_bytes_ = file_.used_bytes().value_or(used_bytes_);
    }
    const auto now = time_now();
    for (const auto& request : taken_) {
        std::size_t begin = 0;
        for (const auto size : request.sizes) {
            const bytes payload(request.payloads.data() + begin, size);
            begin += size;
            if (auto done = store_one(payload, now); !done) {
                file_.roll_back();
                return done;
            }
        }
    }
    if (trims()) {
        const auto trimmed = file_.trim(settings_.keep, 2 * answers_.size(), now);
        if (!trimmed) {
            file_.roll_back();
            return tl::unexpected(trimmed.error());
        }
        trimmed_ = *trimmed;
    }
    return file_.commit();
}

store_result<void> store_writer::store_one(bytes payload, store_time now) {
    if (const auto why = refusal(payload.size())) {
        answers_.refuse(*why);
        return {};
    }
    const auto id = answers_.id_of(payload);
    if (id.size() > stored_id_bytes_max) {
        answers_.refuse(errc::frame_syntax);
        return {};
    }
    return file_.add(payload, id, now).map([this](const added_message& one) {
        answers_.add(one);
    });
}

// What was not forwarded is never deleted to make room.
std::optional<errc> store_writer::refusal(std::size_t size) const {
    if (!settings_.outbox) return std::nullopt;
    if (size > *settings_.outbox->payload_bytes_max) return errc::frame_too_large;
    const auto& most = settings_.keep;
    const bool is_full =
        (most.messages_max > 0 && file_.next() - file_.first() >= most.messages_max) ||
        (most.bytes_max > 0 && used_bytes_ >= most.bytes_max);
    return is_full ? std::optional(errc::store_full) : std::nullopt;
}

void store_writer::note_written(clock::duration took, const std::optional<store_failure>& failed) {
    const std::lock_guard lock(mutex_);
    answers_.count_refused(shown_.refused);
    shown_.trouble = failed;
    if (!failed) {
        ++shown_.commit_time.counts.at(duration_histogram::place(took));
        shown_.commit_time.sum += took;
        shown_.stored += file_.next() - shown_.next;
        for (const auto& one : taken_) shown_.stored_bytes += one.payloads.size();
        shown_.repeated += answers_.repeated();
        shown_.trimmed += std::exchange(trimmed_, 0);
    }
    shown_.first = file_.first();
    shown_.next = file_.next();
}

void store_writer::checkpoint_above(int pages) {
    const auto began = clock::now();
    const auto done = file_.checkpoint_above(pages);
    if (!done) return note_trouble(done.error());
    if (*done) note_upkeep(clock::now() - began);
}

void store_writer::rest() {
    rested_ = clock::now();
    if (latched_) return;
    const auto done = do_upkeep();
    if (!done) return note_trouble(done.error());
    if (*done) note_upkeep(clock::now() - rested_);
    if (statistics().waiting == 0) checkpoint_above(logged_pages_at_rest);
    const auto used = file_.used_bytes();
    const std::lock_guard lock(mutex_);
    shown_.trouble.reset();
    shown_.first = file_.first();
    shown_.used_bytes = used.value_or(shown_.used_bytes);
}

// True if it has taken time.
store_result<bool> store_writer::do_upkeep() {
    const auto trimmed = trim();
    if (!trimmed) return tl::unexpected(trimmed.error());
    // Whether there is room again is known only by writing.
    if (statistics().trouble) {
        if (auto probed = file_.probe(); !probed) return tl::unexpected(probed.error());
    }
    auto compacted = file_.compact(compacted_pages);
    if (!compacted) return compacted;
    if (auto synced = file_.sync_mark(); !synced) return tl::unexpected(synced.error());
    return *compacted || *trimmed > 0;
}

store_result<std::uint64_t> store_writer::trim() {
    if (!trims()) return 0;
    if (auto begun = file_.begin(); !begun) return tl::unexpected(begun.error());
    auto trimmed = file_.trim(settings_.keep, trimmed_at_rest, time_now());
    if (!trimmed) {
        file_.roll_back();
        return trimmed;
    }
    if (auto committed = file_.commit(); !committed) return tl::unexpected(committed.error());
    const std::lock_guard lock(mutex_);
    shown_.trimmed += *trimmed;
    return trimmed;
}

void store_writer::note_upkeep(clock::duration took) {
    const std::lock_guard lock(mutex_);
    ++shown_.upkeep_time.counts.at(duration_histogram::place(took));
    shown_.upkeep_time.sum += took;
}

void store_writer::note_trouble(const store_failure& why) {
    latch(why);
    const std::lock_guard lock(mutex_);
    shown_.trouble = why;
}

}  // namespace framewire
