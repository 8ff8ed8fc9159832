#include "store.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <sys/statfs.h>
#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

namespace framewire {
namespace {

using clock = std::chrono::steady_clock;

// So often the mark is written, what is too old is deleted, and a full disk is tried again.
constexpr std::chrono::seconds idle_period{1};

// Those who send one message and wait come back one after the other: for as long as this part of
// a transaction, the next one waits for as many as the last one had.
constexpr int gathering_share = 8;
constexpr std::chrono::milliseconds gathering_max{2};

// Readers that wait for a message, and may have left since: above this, the first is forgotten.
constexpr std::size_t tasks_max = 4'096;

// What one transaction deletes at most: twice what it adds, so that the file becomes smaller, and
// so few that nobody notices.
constexpr std::uint64_t trimmed_when_idle = 512;
constexpr std::int64_t compacted_pages = 256;

bool is_latched(errc code) noexcept {
    return code == errc::store_failed || code == errc::store_corrupt;
}

// Memory is the disk of these.
durability durability_of(const std::string& path) {
    constexpr long tmpfs = 0x01021994;
    constexpr long ramfs = 0x858458f6;
    struct statfs found {};
    if (::statfs(path.c_str(), &found) != 0) return durability::power_fail;
    const auto type = static_cast<long>(found.f_type);
    return type == tmpfs || type == ramfs ? durability::process_crash : durability::power_fail;
}

store_time now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

}  // namespace

std::string_view durability_name(durability of) noexcept {
    return of == durability::power_fail ? "power-fail" : "process-crash";
}

/// The thread and what it shares with others.
class store::writer {
public:
    writer(store_file file, store_settings settings, durability survives)
        : file_(std::move(file)),
          settings_(std::move(settings)),
          constant_ack_(settings_.ack.is_constant() ? settings_.ack.text({}) : std::string()) {
        shown_.survives = survives;
        shown_.first = file_.first();
        shown_.next = file_.next();
        note_size();
        thread_ = std::thread([this] { work(); });
    }
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;
    ~writer() {
        {
            const std::lock_guard lock(mutex_);
            stops_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }

    void append(store_request request) {
        const std::lock_guard lock(mutex_);
        waiting_ += request.sizes.size();
        requests_.push_back(std::move(request));
        if (waiting_ >= wanted_) changed_.notify_one();
    }

    void run(std::uint64_t after, std::function<void(store_file&)> task) {
        const std::lock_guard lock(mutex_);
        if (tasks_.size() == tasks_max) tasks_.erase(tasks_.begin());
        tasks_.push_back({after, std::move(task)});
        wanted_ = 0;
        changed_.notify_one();
    }

    [[nodiscard]] store_statistics statistics() const {
        const std::lock_guard lock(mutex_);
        auto shown = shown_;
        shown.waiting = waiting_;
        return shown;
    }

private:
    struct task {
        std::uint64_t after;  // the offset that must be stored
        std::function<void(store_file&)> run;
    };

    void work() {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait_for(lock, idle_period,
                              [this] { return stops_ || !requests_.empty() || has_task(); });
            if (!requests_.empty()) gather(lock);
            taken_.clear();
            taken_.swap(requests_);
            const auto count = std::exchange(waiting_, 0);
            auto ready = take_tasks();
            const bool last = stops_;
            lock.unlock();
            write(count);
            for (auto& one : ready) one.run(file_);
            ready.clear();
            if (clock::now() - rested_ >= idle_period) rest();
            lock.lock();
            if (last && requests_.empty()) break;
        }
        lock.unlock();
        taken_.clear();
        (void)file_.checkpoint();
    }

    // Requires: the mutex is locked, here and below.
    [[nodiscard]] bool has_task() const {
        return std::ranges::any_of(tasks_, [this](const task& one) {
            return one.after < shown_.next;
        });
    }

    std::vector<task> take_tasks() {
        std::vector<task> ready;
        const auto later = std::stable_partition(tasks_.begin(), tasks_.end(), [this](const task& one) {
            return one.after < shown_.next;
        });
        std::move(tasks_.begin(), later, std::back_inserter(ready));
        tasks_.erase(tasks_.begin(), later);
        return ready;
    }

    void gather(std::unique_lock<std::mutex>& lock) {
        if (waiting_ >= latest_count_ || stops_) return;
        wanted_ = latest_count_;
        const auto most = std::min<clock::duration>(latest_time_ / gathering_share, gathering_max);
        changed_.wait_for(lock, most, [this] { return stops_ || waiting_ >= wanted_; });
        wanted_ = 0;
    }

    /// What became of a payload: an offset, or an error.
    struct answer {
        std::uint64_t offset = 0;
        std::optional<errc> refused{};
    };

    // Without the lock, from here on.
    void write(std::size_t count) {
        if (taken_.empty()) return;
        const auto began = clock::now();
        answers_.clear();
        std::optional<store_failure> failed;
        if (latched_) {
            failed = *latched_;
        } else if (auto done = try_to_store(); !done) {
            failed = std::move(done.error());
        }
        const auto took = clock::now() - began;
        latest_time_ = took;
        latest_count_ = count;
        if (failed) answers_.assign(count, {0, failed->code});
        note_written(took, failed);
        reply_all(failed);
        if (!failed) keep_up();
    }

    store_result<void> try_to_store() {
        try {
            return store_all();
        } catch (const std::bad_alloc&) {
            file_.roll_back();
            return tl::unexpected(store_failure{errc::store_busy, "out of memory"});
        }
    }

    store_result<void> store_all() {
        if (auto begun = file_.begin(); !begun) return begun;
        const auto at = now();
        for (const auto& request : taken_) {
            std::size_t begin = 0;
            for (const auto size : request.sizes) {
                const bytes payload(request.payloads.data() + begin, size);
                begin += size;
                const auto added = file_.add(payload, id_of(payload), at);
                if (!added) {
                    file_.roll_back();
                    return tl::unexpected(added.error());
                }
                note_added(*added);
            }
        }
        if (settings_.keep.limits()) {
            const auto trimmed = file_.trim(settings_.keep, 2 * answers_.size(), at);
            if (!trimmed) {
                file_.roll_back();
                return tl::unexpected(trimmed.error());
            }
            trimmed_ = *trimmed;
        }
        return file_.commit();
    }

    [[nodiscard]] bytes id_of(bytes payload) const {
        return settings_.id ? settings_.id(payload) : bytes();
    }

    void note_added(const added_message& added) {
        const bool conflicts = added.what == added_message::outcome::conflict;
        answers_.push_back({added.offset, conflicts ? std::optional(errc::store_conflict)
                                                    : std::nullopt});
        repeated_ += added.what == added_message::outcome::repeated ? 1 : 0;
    }

    void note_written(clock::duration took, const std::optional<store_failure>& failed) {
        const std::lock_guard lock(mutex_);
        if (!failed) {
            ++shown_.commit_time.counts.at(duration_histogram::place(took));
            shown_.commit_time.sum += took;
        }
        for (const auto& one : answers_) {
            if (one.refused) ++shown_.refused.at(static_cast<std::size_t>(*one.refused));
        }
        if (failed) {
            if (is_latched(failed->code)) latched_ = failed;
            shown_.trouble = failed;
        } else {
            shown_.stored += file_.next() - shown_.next;
            for (const auto& one : taken_) shown_.stored_bytes += one.payloads.size();
            shown_.repeated += repeated_;
            shown_.trimmed += trimmed_;
            shown_.trouble.reset();
        }
        repeated_ = trimmed_ = 0;
        shown_.first = file_.first();
        shown_.next = file_.next();
    }

    void reply_all(const std::optional<store_failure>& failed) {
        auto next = answers_.begin();
        for (auto& request : taken_) {
            std::size_t begin = 0;
            texts_.clear();
            views_.clear();
            std::optional<errc> refused;
            for (const auto size : request.sizes) {
                const bytes payload(request.payloads.data() + begin, size);
                begin += size;
                const auto& one = *next++;
                if (refused) continue;
                if (one.refused && !settings_.nack) {
                    refused = one.refused;
                } else {
                    add_text(one, payload);
                }
            }
            give(request.reply, refused, failed);
        }
    }

    void add_text(const answer& of, bytes payload) {
        const auto& said = of.refused ? *settings_.nack : settings_.ack;
        if (!of.refused && said.is_constant()) {
            views_.emplace_back(constant_ack_);
            return;
        }
        const auto error = of.refused ? error_name(*of.refused) : std::string_view();
        texts_.push_back(said.text({of.offset, id_of(payload), error}));
        views_.emplace_back(texts_.back());
    }

    void give(deferred_reply& to, std::optional<errc> refused,
              const std::optional<store_failure>& failed) {
        if (!refused) return to.reply_all(views_);
        to.fail(*refused, failed ? failed->words : std::string(), views_);
    }

    // Between two transactions, so that the next acknowledgements wait for it.
    void keep_up() {
        const auto began = clock::now();
        const auto done = file_.checkpoint_if_large();
        if (!done) return note_trouble(done.error());
        if (*done) note_upkeep(clock::now() - began);
    }

    void rest() {
        rested_ = clock::now();
        if (latched_) return;
        const auto began = clock::now();
        const auto done = [this]() -> store_result<bool> {
            const bool was_refusing = statistics().trouble.has_value();
            std::uint64_t trimmed = 0;
            if (settings_.keep.limits()) {
                if (auto begun = file_.begin(); !begun) return tl::unexpected(begun.error());
                const auto deleted = file_.trim(settings_.keep, trimmed_when_idle, now());
                if (!deleted) {
                    file_.roll_back();
                    return tl::unexpected(deleted.error());
                }
                if (auto committed = file_.commit(); !committed) {
                    return tl::unexpected(committed.error());
                }
                trimmed = *deleted;
            }
            if (was_refusing) {
                if (auto probed = file_.probe(); !probed) return tl::unexpected(probed.error());
            }
            const auto compacted = file_.compact(compacted_pages);
            if (!compacted) return compacted;
            if (auto synced = file_.sync_mark(); !synced) return tl::unexpected(synced.error());
            const std::lock_guard lock(mutex_);
            shown_.trouble.reset();
            shown_.trimmed += trimmed;
            shown_.first = file_.first();
            return *compacted || trimmed > 0;
        }();
        if (!done) return note_trouble(done.error());
        if (*done) note_upkeep(clock::now() - began);
        note_size();
    }

    void note_upkeep(clock::duration took) {
        const std::lock_guard lock(mutex_);
        ++shown_.upkeep_time.counts.at(duration_histogram::place(took));
        shown_.upkeep_time.sum += took;
    }

    void note_trouble(const store_failure& why) {
        const std::lock_guard lock(mutex_);
        if (is_latched(why.code)) latched_ = why;
        shown_.trouble = why;
    }

    void note_size() {
        const auto size = file_.used_bytes();
        if (!size) return;
        const std::lock_guard lock(mutex_);
        shown_.used_bytes = *size;
    }

    store_file file_;
    const store_settings settings_;
    const std::string constant_ack_;
    std::vector<store_request> taken_;
    std::vector<answer> answers_;
    std::deque<std::string> texts_;
    std::vector<bytes> views_;  // of them, or of the text that is always the same
    std::uint64_t repeated_ = 0;
    std::uint64_t trimmed_ = 0;
    std::optional<store_failure> latched_;
    clock::time_point rested_ = clock::now();

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<store_request> requests_;
    std::size_t waiting_ = 0;       // messages in them
    std::size_t wanted_ = 0;        // for so many the thread waits
    std::size_t latest_count_ = 0;  // of the last transaction
    clock::duration latest_time_{0};
    std::vector<task> tasks_;
    bool stops_ = false;
    store_statistics shown_;
    std::thread thread_;
};

store::store(std::unique_ptr<writer> writes) : writer_(std::move(writes)) {}

store::~store() = default;

result<std::shared_ptr<store>> store::open(const std::string& path, store_settings settings) {
    auto file = store_file::open(path, settings.must_exist, settings.accepts_loss);
    if (!file) return tl::unexpected(file.error());
    try {
        return std::shared_ptr<store>(new store(std::make_unique<writer>(
            std::move(*file), std::move(settings), durability_of(path))));
    } catch (const std::system_error& thrown) {
        return tl::unexpected(failure{fmt::format("cannot start a thread: {}", thrown.what())});
    }
}

void store::append(store_request request) { writer_->append(std::move(request)); }

void store::run(std::function<void(store_file&)> task) { writer_->run(0, std::move(task)); }

void store::when_stored(std::uint64_t offset, std::function<void(store_file&)> task) {
    writer_->run(offset, std::move(task));
}

store_statistics store::statistics() const { return writer_->statistics(); }

}  // namespace framewire
