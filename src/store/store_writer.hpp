#pragma once

#include "store.hpp"
#include "store_answers.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace framewire {

/// The thread of a store. One *round* is one transaction: it takes all that waits, writes it to
/// the disk, and answers. Then it runs tasks, and does what upkeep is due.
class store_writer {
public:
    /// Throws `std::system_error` if the system has no thread left.
    store_writer(store_file file, store_settings settings, durability survives);
    store_writer(const store_writer&) = delete;
    store_writer& operator=(const store_writer&) = delete;
    /// Stores what waits.
    ~store_writer();

    // Thread-safe; see `store`.
    void append(store_request request);
    void run(std::uint64_t after, std::function<void(store_file&)> task);
    [[nodiscard]] store_statistics statistics() const;

private:
    using clock = std::chrono::steady_clock;
    struct task {
        std::uint64_t after;  // the offset that must be stored
        std::function<void(store_file&)> run;
    };

    void work();
    // With the mutex locked:
    [[nodiscard]] bool has_task() const;
    std::vector<task> take_tasks();
    void gather(std::unique_lock<std::mutex>& lock);
    // Without it:
    void run_tasks(std::vector<task>& ready);
    void write(std::size_t count);
    void store_and_answer(std::size_t count);
    void latch(const store_failure& why);
    store_result<void> try_to_store();
    store_result<void> store_all();
    store_result<void> store_one(bytes payload, store_time now);
    [[nodiscard]] std::optional<errc> refusal(std::size_t size) const;
    [[nodiscard]] bool trims() const { return settings_.keep.limits() && !settings_.outbox; }
    void note_written(clock::duration took, const std::optional<store_failure>& failed);
    void checkpoint_above(int pages);
    void rest();
    store_result<bool> do_upkeep();
    store_result<std::uint64_t> trim();
    void note_upkeep(clock::duration took);
    void note_trouble(const store_failure& why);

    store_file file_;
    const store_settings settings_;
    store_answers answers_{settings_};
    std::vector<store_request> taken_;
    std::uint64_t trimmed_ = 0;             // by the transaction
    std::uint64_t used_bytes_ = 0;          // before it, if that matters
    std::optional<store_failure> latched_;  // nothing is written any more
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

}  // namespace framewire
