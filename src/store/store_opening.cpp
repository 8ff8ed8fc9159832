// How the file of a store is opened, and when it is refused.

#include "store_file.hpp"

#include "framewire/core/units.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace framewire {
namespace {

// "fwms", so that `file` and we know it, and the version of the tables.
constexpr std::int64_t application = 0x66776d73;
constexpr std::int64_t version = 1;

// A larger file is not read whole before it is used: `verify` does that.
constexpr off_t checked_bytes_max = 64 * MiB;

constexpr const char* tables =
    "BEGIN;"
    "CREATE TABLE messages(\"offset\" INTEGER PRIMARY KEY, time INTEGER NOT NULL, id BLOB,"
    " payload BLOB NOT NULL);"
    "CREATE UNIQUE INDEX messages_by_id ON messages(id) WHERE id IS NOT NULL;"
    "CREATE TABLE consumers(name BLOB PRIMARY KEY, confirmed INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE next_message(\"offset\" INTEGER NOT NULL);"
    "INSERT INTO next_message VALUES(1);"
    "PRAGMA application_id=1719102835;"
    "PRAGMA user_version=1;"
    "COMMIT";

tl::unexpected<failure> refused(const std::string& path, const store_failure& why,
                                std::string hint = {}) {
    return tl::unexpected(
        failure{fmt::format("cannot open {}: {}: {}", path, error_name(why.code), why.words),
                std::move(hint)});
}

std::string hint_for(errc code) {
    switch (code) {
        case errc::store_busy: return "only one process may have it open";
        case errc::store_corrupt:
            return "keep the file and those beside it (-wal, -mark); 'framewire store FILE "
                   "verify' "
                   "says what is wrong";
        case errc::store_readonly: return "the file and its folder must be writable";
        default: return {};
    }
}

// What SQLite was asked for may be refused in silence, for instance by a network's file system.
store_result<void> set(sqlite_database& database, const char* sql, std::string_view expected) {
    const auto now = database.text(sql);
    if (!now) return tl::unexpected(now.error());
    if (*now == expected) return {};
    return tl::unexpected(
        store_failure{errc::store_failed, fmt::format("'{}' has the result '{}'", sql, *now)});
}

store_result<void> configure(sqlite_database& database, bool may_be_new) {
    // In this order: the log's index is kept in memory only if nobody else may read the file.
    if (auto done = set(database, "PRAGMA locking_mode=EXCLUSIVE", "exclusive"); !done)
        return done;
    if (may_be_new) {
        if (auto done = database.execute("PRAGMA auto_vacuum=INCREMENTAL"); !done) return done;
    }
    if (auto done = set(database, "PRAGMA journal_mode=WAL", "wal"); !done) return done;
    for (const char* sql : {"PRAGMA synchronous=FULL", "PRAGMA journal_size_limit=134217728",
                            "PRAGMA cache_size=-16384", "PRAGMA trusted_schema=OFF"}) {
        if (auto done = database.execute(sql); !done) return done;
    }
    return set(database, "PRAGMA synchronous", "2");
}

enum class file_kind : std::uint8_t { none, empty, no_database, foreign, ours };

// SQLite would make a database of a file that is shorter than a page, and change the settings of
// somebody else's. Ours is in the file itself since it was opened first: see `prepare`.
file_kind kind_of(const std::string& path) {
    constexpr std::string_view first = "SQLite format 3";
    constexpr std::size_t application_at = 68;
    std::array<char, application_at + 4> header{};
    const owned_descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    // What cannot be opened is reported by SQLite.
    if (!file.is_open()) return errno == ENOENT ? file_kind::none : file_kind::ours;
    const auto size = ::pread(file.get(), header.data(), header.size(), 0);
    if (size == 0) return file_kind::empty;
    const std::string_view text(header.data(), header.size());
    if (!text.starts_with(first)) return file_kind::no_database;
    return text.substr(application_at) == "fwms" ? file_kind::ours : file_kind::foreign;
}

// Perhaps only a part of it was made before a power cut.
bool is_half_made(const acked_mark& mark) { return mark.was_there() && mark.stored() == 0; }

std::string refusal_of(file_kind is, const acked_mark* mark, const std::string& path,
                       bool accepts_loss) {
    const bool may_be_anything = mark != nullptr && is_half_made(*mark);
    if (is == file_kind::no_database && !may_be_anything) return "file is not a database";
    if (is == file_kind::foreign && !may_be_anything) return "it is not a store of messages";
    if (is == file_kind::empty && !may_be_anything && !accepts_loss) return "the file is empty";
    if (is != file_kind::none || mark == nullptr || mark->stored() == 0 || accepts_loss) return {};
    return fmt::format(
        "the file is gone, but {}-mark says that {} messages were stored (to begin anew, remove "
        "it)",
        path, mark->stored());
}

}  // namespace

result<store_file> store_file::open(const std::string& path, bool must_exist, bool accepts_loss) {
    if (must_exist && ::access(path.c_str(), F_OK) != 0) {
        return tl::unexpected(
            failure{fmt::format("cannot open {}: {}", path, system_words(errno))});
    }
    const auto refuse_as = [&](file_kind is, const acked_mark* mark) -> result<void> {
        const auto why = refusal_of(is, mark, path, accepts_loss);
        if (why.empty()) return {};
        return refused(path, {errc::store_corrupt, why}, hint_for(errc::store_corrupt));
    };
    // Nothing is made beside a file that is somebody else's. With a mark, it is read only once we
    // have the lock: closing it, a process that has it open would lose those of SQLite.
    if (!acked_mark::is_there(path)) {
        if (const auto ours = refuse_as(kind_of(path), nullptr); !ours) {
            return tl::unexpected(ours.error());
        }
    }
    auto mark = acked_mark::take(path);
    if (!mark) return refused(path, mark.error(), hint_for(mark.error().code));
    const auto is = kind_of(path);
    if (const auto ours = refuse_as(is, &*mark); !ours) return tl::unexpected(ours.error());
    if (is == file_kind::none || is == file_kind::empty) {
        // Before the file: after a power cut, an empty one without a mark is somebody else's.
        if (const auto begun = mark->set(0); !begun) return refused(path, begun.error());
        // SQLite would make it readable for everybody.
        const owned_descriptor made(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    }
    const bool may_be_new = is_half_made(*mark);
    auto database = sqlite_database::open(path, sqlite_database::access::created);
    if (!database) return refused(path, database.error(), hint_for(database.error().code));
    store_file opened(std::move(*mark), std::move(*database));
    if (auto ready = opened.prepare(path, may_be_new, accepts_loss); !ready) {
        return tl::unexpected(ready.error());
    }
    return opened;
}

result<void> store_file::prepare(const std::string& path, bool may_be_new, bool accepts_loss) {
    const auto refuse = [&](const store_failure& why) {
        return refused(path, why, hint_for(why.code));
    };
    // Of a file that is refused nothing is changed: its log may have what somebody can still read.
    database_.keep_log_at_end(true);
    if (auto done = configure(database_, may_be_new); !done) return refuse(done.error());
    if (may_be_new) {
        if (auto done = make_tables(); !done) return refuse(done.error());
    }
    const auto wrong = refusal(accepts_loss);
    if (!wrong) return refuse(wrong.error());
    if (!wrong->empty()) return refuse({errc::store_corrupt, *wrong});
    if (auto done = compile(); !done) return refuse(done.error());
    if (next_ - 1 < mark_.stored()) {
        if (auto done = mark_.set(next_ - 1); !done) return refuse(done.error());
    }
    // After a failed fsync, the log that we have read may not be the one that is on the disk. What
    // it has is written again, and nothing is acknowledged before another log has taken its place:
    // after a power cut, the older one would undo a part of it.
    if (auto done = begin_log_anew(); !done) return refuse(done.error());
    database_.keep_log_at_end(false);
    return {};
}

store_result<void> store_file::make_tables() {
    const auto tables_now = database_.number("SELECT count(*) FROM sqlite_master");
    if (!tables_now) return tl::unexpected(tables_now.error());
    return *tables_now > 0 ? store_result<void>() : database_.execute(tables);
}

// Why it is not used, or nothing.
store_result<std::string> store_file::refusal(bool accepts_loss) {
    std::array<std::int64_t, 5> found{};
    constexpr std::array questions{"PRAGMA application_id", "PRAGMA user_version",
                                   "PRAGMA page_count", "SELECT min(\"offset\") FROM messages",
                                   "SELECT max((SELECT \"offset\" FROM next_message),"
                                   " 1 + (SELECT coalesce(max(\"offset\"), 0) FROM messages))"};
    for (std::size_t i = 0; i < questions.size(); ++i) {
        const auto answer = database_.number(questions.at(i));
        if (!answer) return tl::unexpected(answer.error());
        found.at(i) = *answer;
        if (i == 0 && *answer != application) return std::string("it is not a store of messages");
        if (i == 1 && *answer > version) {
            return fmt::format("it is of version {}, and this program knows {}", *answer, version);
        }
    }
    next_ = static_cast<std::uint64_t>(found[4]);
    first_ = found[3] > 0 ? static_cast<std::uint64_t>(found[3]) : next_;
    if (found[2] * 4096 <= checked_bytes_max) {
        const auto checked = database_.text("PRAGMA quick_check(1)");
        if (!checked) return tl::unexpected(checked.error());
        if (*checked != "ok") return *checked;
    }
    if (next_ - 1 < mark_.stored() && !accepts_loss) {
        return fmt::format(
            "it has messages up to {}, but {} were stored and acknowledged "
            "(--accept-loss uses it nevertheless)",
            next_ - 1, mark_.stored());
    }
    return std::string();
}

}  // namespace framewire
