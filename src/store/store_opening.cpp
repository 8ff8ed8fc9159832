// How the file of a store is opened, and when it is refused.

#include "store_file.hpp"

#include "framewire/core/units.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
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

// What the head of the file says, without SQLite: why it is no store, or nothing
// (https://sqlite.org/fileformat2.html#database_header).
std::string misfit(const std::string& path) {
    constexpr std::string_view magic("SQLite format 3\0", 16);
    constexpr std::size_t application_at = 68;
    std::array<char, application_at + 4> head{};
    const owned_descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return {};  // who opens it next says why
    const auto size = ::read(file.get(), head.data(), head.size());
    if (size == 0) return "the file is empty";
    const bytes found(head.data(), head.size());
    if (!found.starts_with(magic)) return "file is not a database";
    std::int64_t id = 0;
    for (const char one : found.substr(application_at)) {
        id = id << 8 | static_cast<unsigned char>(one);
    }
    return id == application ? "" : "it is not a store of messages";
}

}  // namespace

result<store_file> store_file::open(const std::string& path, bool must_exist, bool accepts_loss) {
    struct stat found {};
    const bool exists = ::stat(path.c_str(), &found) == 0;
    if (!exists && must_exist) {
        return tl::unexpected(
            failure{fmt::format("cannot open {}: {}", path, system_words(errno))});
    }
    // Nothing is made beside it, and nothing in it is changed, unless it is a store.
    if (exists && ::access((path + "-mark").c_str(), F_OK) != 0 && !accepts_loss) {
        const auto wrong = misfit(path);
        if (!wrong.empty()) return refused(path, {errc::store_corrupt, wrong});
    }
    auto mark = acked_mark::take(path);
    if (!mark) return refused(path, mark.error(), hint_for(mark.error().code));
    const bool is_new = !exists || found.st_size == 0;
    // Only a store that is being made is empty, and that has a mark of 0.
    if (exists && is_new && (!mark->was_there() || mark->stored() > 0) && !accepts_loss) {
        return refused(path, {errc::store_corrupt, "the file is empty"},
                       hint_for(errc::store_corrupt));
    }
    if (!exists && mark->stored() > 0 && !accepts_loss) {
        return refused(path,
                       {errc::store_corrupt,
                        fmt::format("the file is gone, but {}-mark says that {} messages "
                                    "were stored",
                                    path, mark->stored())},
                       "to begin anew, remove the mark");
    }
    if (is_new) {
        // Before the file: after a power cut, an empty one without a mark is somebody else's.
        if (const auto begun = mark->set(0); !begun) return refused(path, begun.error());
        // SQLite would make it readable for everybody.
        const owned_descriptor made(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    }
    // Perhaps only a part of it was made before a power cut.
    const bool is_made_now = mark->was_there() && mark->stored() == 0;
    auto database = sqlite_database::open(path, sqlite_database::access::created);
    if (!database) return refused(path, database.error(), hint_for(database.error().code));
    store_file opened(std::move(*mark), std::move(*database));
    if (auto ready = opened.prepare(path, is_made_now, accepts_loss); !ready) {
        return tl::unexpected(ready.error());
    }
    return opened;
}

result<void> store_file::prepare(const std::string& path, bool may_be_new, bool accepts_loss) {
    const auto refuse = [&](const store_failure& why) {
        return refused(path, why, hint_for(why.code));
    };
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
    // After a failed fsync, the system may show what is not on the disk: it is written again.
    if (auto done = checkpoint(); !done) return refuse(done.error());
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
