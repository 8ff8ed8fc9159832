#pragma once

#include "acked_mark.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "sqlite.hpp"
#include "store_failure.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// When a message was stored, by the clock of the machine.
using store_time = std::chrono::sys_time<std::chrono::microseconds>;

/// A message that is stored. Views are valid during the call only.
struct stored_message {
    std::uint64_t offset = 0;
    store_time time;
    bytes id;  ///< empty: it has none
    bytes payload;
};

/// What became of a message that was added.
struct added_message {
    enum class outcome : std::uint8_t {
        stored,
        repeated,  ///< the same message with this id was stored before, at `offset`
        conflict,  ///< another message with this id was stored before, at `offset`
    };
    outcome what = outcome::stored;
    std::uint64_t offset = 0;
};

/// What may be kept; whatever exceeds any of these is deleted, the oldest first. Zero: no limit.
struct store_retention {
    std::uint64_t messages_max = 0;
    std::uint64_t bytes_max = 0;  ///< of the file, without its free pages
    std::chrono::milliseconds age_max{0};

    [[nodiscard]] bool limits() const noexcept {
        return messages_max != 0 || bytes_max != 0 || age_max.count() != 0;
    }
};

/// Messages in a file of SQLite, numbered from 1 without gaps; the number is a message's *offset*.
/// The only connection to the file, with a write-ahead log and `synchronous=FULL`: a transaction
/// that is committed has been written to the disk. Not thread-safe.
class store_file {
public:
    /// Opens a store, or makes one unless `must_exist`. Refuses a file that is damaged, that
    /// another process has, that is not a store or of a later version, and one that has lost
    /// messages since it was written, unless `accepts_loss`.
    static result<store_file> open(const std::string& path, bool must_exist,
                                   bool accepts_loss = false);

    /// A transaction. Between `begin` and `commit` or `roll_back`, messages are added.
    store_result<void> begin();
    store_result<added_message> add(bytes payload, bytes id, store_time now);
    /// What was added is on the disk after this, or, if it fails, is not stored.
    store_result<void> commit();
    void roll_back() noexcept;
    /// Writes something, to find out whether that is possible again.
    store_result<void> probe();

    /// The offset of the oldest message, and that of the next one: none is stored if they are
    /// equal.
    [[nodiscard]] std::uint64_t first() const noexcept { return first_; }
    [[nodiscard]] std::uint64_t next() const noexcept { return next_; }

    /// Calls `take` with messages from an offset on, in order, until it returns false.
    store_result<void> read(std::uint64_t from,
                            const std::function<bool(const stored_message&)>& take);
    /// The offset of the first message that was stored at that time or later; `next()` if none
    /// was. If the clock was put back in between, of one of those.
    store_result<std::uint64_t> find(store_time when);

    /// What a consumer has confirmed last; nothing if it is not known.
    store_result<std::optional<std::uint64_t>> confirmed(std::string_view consumer);
    /// Notes it, in a transaction of its own.
    store_result<void> confirm(std::string_view consumer, std::uint64_t offset);

    /// Deletes at most `count` of the messages that are not to be kept, within a transaction.
    /// Returns how many.
    store_result<std::uint64_t> trim(const store_retention& keep, std::uint64_t count,
                                     store_time now);
    /// Deletes all messages before an offset, within a transaction.
    store_result<void> drop_until(std::uint64_t offset);
    /// Gives back at most `pages` free pages to the system, if there are many. True if some were.
    store_result<bool> compact(std::int64_t pages);

    /// Copies the log of changes into the database if it has more pages than that; of 4 KiB.
    store_result<bool> checkpoint_above(int pages);
    store_result<void> checkpoint();
    /// Leaves the log as it is when the file is closed, for a disk that does not work.
    void keep_log() noexcept { database_.keep_log_at_end(true); }
    /// The mark beside the file is written to the disk.
    store_result<void> sync_mark() { return mark_.sync(); }

    /// Bytes that messages occupy, and bytes of the file that are free.
    store_result<std::uint64_t> used_bytes();
    store_result<std::uint64_t> free_bytes();
    /// Reads everything: SQLite's `integrity_check`, and that no offset is missing. Returns what
    /// is wrong, or nothing.
    store_result<std::string> verify();

private:
    store_file(acked_mark mark, sqlite_database database)
        : mark_(std::move(mark)), database_(std::move(database)) {}
    result<void> prepare(const std::string& path, bool may_be_new, bool accepts_loss);
    store_result<void> make_tables();
    store_result<std::string> refusal(bool accepts_loss);
    store_result<void> compile();
    store_result<void> begin_log_anew();
    store_result<added_message> compare(bytes payload, bytes id);
    store_result<std::optional<store_time>> time_of(std::uint64_t offset);
    store_result<std::uint64_t> first_to_keep(const store_retention& keep, store_time now);

    struct statements {
        sqlite_statement begin, commit, roll_back, add, add_with_id, find_id, read, time_of, trim,
            note_next, confirmed, confirm;
    };

    acked_mark mark_;
    sqlite_database database_;
    std::optional<statements> run_;
    std::uint64_t first_ = 1;
    std::uint64_t next_ = 1;
    // Of the transaction that is open.
    std::uint64_t first_before_ = 1;
    std::uint64_t next_before_ = 1;
};

}  // namespace framewire
