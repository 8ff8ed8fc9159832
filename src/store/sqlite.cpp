#include "sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <cerrno>
#include <cstdint>
#include <utility>

namespace framewire {
namespace {

bool means_full(int error) noexcept {
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

// A failed write of which the system says that there is no space is no fault of the disk; a failed
// fsync always is one, as nobody knows what has been written then.
errc code_of(int extended, int error) noexcept {
    switch (extended & 0xff) {
        case SQLITE_FULL: return errc::store_full;
        case SQLITE_READONLY:
        case SQLITE_PERM: return errc::store_readonly;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT: return errc::store_corrupt;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_NOMEM: return errc::store_busy;
        default: break;
    }
    const bool is_write = extended == SQLITE_IOERR_WRITE || extended == SQLITE_IOERR_TRUNCATE;
    if (extended == SQLITE_IOERR_NOMEM) return errc::store_busy;
    if (is_write && means_full(error)) return errc::store_full;
    if (is_write && error == EROFS) return errc::store_readonly;
    return errc::store_failed;
}

// Which file was being written: a checkpoint writes the database, everything else the log.
enum class written : std::uint8_t { log, database };

// SQLite forgets the error of a COMMIT, but the file that failed has it.
int last_error(sqlite3* where, written file) noexcept {
    sqlite3_file* failed = nullptr;
    const int pointer =
        file == written::log ? SQLITE_FCNTL_JOURNAL_POINTER : SQLITE_FCNTL_FILE_POINTER;
    int error = 0;
    const bool is_open = ::sqlite3_file_control(where, "main", pointer, &failed) == SQLITE_OK &&
                         failed != nullptr && failed->pMethods != nullptr;
    if (is_open) failed->pMethods->xFileControl(failed, SQLITE_FCNTL_LAST_ERRNO, &error);
    return error;
}

tl::unexpected<store_failure> failed(sqlite3* where, written file = written::log) {
    const int extended = ::sqlite3_extended_errcode(where);
    int error = ::sqlite3_system_errno(where);
    if (extended == SQLITE_IOERR_WRITE || extended == SQLITE_IOERR_TRUNCATE ||
        extended == SQLITE_IOERR_FSYNC) {
        error = last_error(where, file);
    }
    const auto code = code_of(extended, error);
    std::string words = ::sqlite3_errmsg(where);
    const bool is_of_system =
        (extended & 0xff) == SQLITE_IOERR || (extended & 0xff) == SQLITE_CANTOPEN;
    if (is_of_system && error != 0) words += ": " + system_words(error);
    return tl::unexpected(store_failure{code, std::move(words)});
}

int note_pages(void* into, sqlite3* /*where*/, const char* /*name*/, int pages) {
    *static_cast<int*>(into) = pages;
    return SQLITE_OK;
}

}  // namespace

void sqlite_statement::finish::operator()(sqlite3_stmt* compiled) const noexcept {
    ::sqlite3_finalize(compiled);
}

void sqlite_statement::bind(int parameter, std::int64_t value) noexcept {
    ::sqlite3_bind_int64(compiled_.get(), parameter, value);
}

void sqlite_statement::bind(int parameter, bytes value) noexcept {
    // A null pointer would be NULL, not an empty value.
    const char* const data = value.empty() ? "" : value.data();
    ::sqlite3_bind_blob64(compiled_.get(), parameter, data, value.size(), SQLITE_STATIC);
}

void sqlite_statement::bind_null(int parameter) noexcept {
    ::sqlite3_bind_null(compiled_.get(), parameter);
}

store_result<bool> sqlite_statement::step() {
    const int done = ::sqlite3_step(compiled_.get());
    if (done == SQLITE_ROW) return true;
    if (done == SQLITE_DONE) return false;
    const sqlite_reset at_end(*this);  // also without memory for words
    return failed(::sqlite3_db_handle(compiled_.get()));
}

void sqlite_statement::reset() noexcept { ::sqlite3_reset(compiled_.get()); }

store_result<void> sqlite_statement::run() {
    const auto done = step();
    if (!done) return tl::unexpected(done.error());
    reset();
    return {};
}

void sqlite_statement::try_to_run() noexcept {
    (void)::sqlite3_step(compiled_.get());
    reset();
}

std::int64_t sqlite_statement::number(int column) const noexcept {
    return ::sqlite3_column_int64(compiled_.get(), column);
}

bytes sqlite_statement::blob(int column) const noexcept {
    const auto* const data =
        static_cast<const char*>(::sqlite3_column_blob(compiled_.get(), column));
    const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(compiled_.get(), column));
    return data == nullptr ? bytes() : bytes(data, size);
}

bool sqlite_statement::is_null(int column) const noexcept {
    return ::sqlite3_column_type(compiled_.get(), column) == SQLITE_NULL;
}

void sqlite_database::close::operator()(sqlite3* open) const noexcept { ::sqlite3_close_v2(open); }

sqlite_database::sqlite_database(sqlite3* open)
    : logged_pages_(std::make_unique<int>(0)), open_(open) {
    ::sqlite3_extended_result_codes(open, 1);
    // In the place of SQLite's own checkpoints; `PRAGMA wal_autocheckpoint` would undo it.
    ::sqlite3_wal_hook(open, note_pages, logged_pages_.get());
}

store_result<sqlite_database> sqlite_database::open(const std::string& path, access how) {
    sqlite3* opened = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (how == access::created ? SQLITE_OPEN_CREATE : 0);
    const int done = ::sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
    if (opened == nullptr) {
        return tl::unexpected(store_failure{errc::store_busy, "out of memory"});
    }
    sqlite_database one(opened);
    if (done != SQLITE_OK) return failed(opened);
    return one;
}

store_result<void> sqlite_database::execute(const char* sql) {
    if (::sqlite3_exec(open_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return failed(open_.get());
}

store_result<sqlite_statement> sqlite_database::prepare(const char* sql) {
    sqlite3_stmt* compiled = nullptr;
    const int done =
        ::sqlite3_prepare_v3(open_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &compiled, nullptr);
    if (done != SQLITE_OK) return failed(open_.get());
    return sqlite_statement(compiled);
}

store_result<std::int64_t> sqlite_database::number(const char* sql) {
    auto asked = prepare(sql);
    if (!asked) return tl::unexpected(asked.error());
    return asked->step().map([&](bool has_row) { return has_row ? asked->number(0) : 0; });
}

store_result<std::string> sqlite_database::text(const char* sql) {
    auto asked = prepare(sql);
    if (!asked) return tl::unexpected(asked.error());
    return asked->step().map(
        [&](bool has_row) { return has_row ? std::string(asked->blob(0)) : std::string(); });
}

std::int64_t sqlite_database::changes() const noexcept { return ::sqlite3_changes64(open_.get()); }

bool sqlite_database::is_idle() const noexcept {
    return ::sqlite3_get_autocommit(open_.get()) != 0;
}

void sqlite_database::keep_log_at_end(bool keeps) noexcept {
    ::sqlite3_db_config(open_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keeps ? 1 : 0, nullptr);
}

// With one connection, PASSIVE copies everything, and the log begins anew at the next change.
store_result<bool> sqlite_database::checkpoint() {
    int pages = 0;
    const int done = ::sqlite3_wal_checkpoint_v2(open_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                                 &pages, nullptr);
    if (done != SQLITE_OK) return failed(open_.get(), written::database);
    *logged_pages_ = 0;
    return pages > 0;
}

}  // namespace framewire
