#pragma once

#include "framewire/core/bytes.hpp"
#include "store_failure.hpp"

#include <cstdint>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace framewire {

/// A statement that is compiled once and run often. Not thread-safe.
class sqlite_statement {
public:
    explicit sqlite_statement(sqlite3_stmt* compiled) noexcept : compiled_(compiled) {}

    /// The value of a parameter, from 1. What bytes refer to must stay valid until `reset`.
    void bind(int parameter, std::int64_t value) noexcept;
    void bind(int parameter, bytes value) noexcept;
    void bind_null(int parameter) noexcept;
    /// True if there is a row, false at the end.
    store_result<bool> step();
    /// Ends it, and reports what `step` may have only hinted at. May be run again then.
    void reset() noexcept;
    /// Runs it to its end and resets it.
    store_result<void> run();
    /// The same where nobody asks why it failed; needs no memory for words.
    void try_to_run() noexcept;

    /// A column of the row, from 0; valid until the next `step` or `reset`.
    [[nodiscard]] std::int64_t number(int column) const noexcept;
    [[nodiscard]] bytes blob(int column) const noexcept;
    [[nodiscard]] bool is_null(int column) const noexcept;

private:
    struct finish {
        void operator()(sqlite3_stmt* compiled) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, finish> compiled_;
};

/// Resets a statement at the end of a scope, however that is left.
class sqlite_reset {
public:
    explicit sqlite_reset(sqlite_statement& of) noexcept : of_(of) {}
    sqlite_reset(const sqlite_reset&) = delete;
    sqlite_reset& operator=(const sqlite_reset&) = delete;
    ~sqlite_reset() { of_.reset(); }

private:
    sqlite_statement& of_;
};

/// A database file of SQLite, of which this is the only connection. Not thread-safe.
class sqlite_database {
public:
    enum class access : std::uint8_t { existing, created };

    /// Opens the file, or makes one. Fails if it is not a database, see `sqlite_failure`.
    static store_result<sqlite_database> open(const std::string& path, access how);

    /// Runs statements that return nothing of interest.
    store_result<void> execute(const char* sql);
    /// The first column of the first row, as a number or as text; 0 or empty if there is none.
    store_result<std::int64_t> number(const char* sql);
    store_result<std::string> text(const char* sql);
    store_result<sqlite_statement> prepare(const char* sql);

    /// Rows that the latest statement has changed.
    [[nodiscard]] std::int64_t changes() const noexcept;
    /// False between BEGIN and the end of the transaction, which an error may end, too.
    [[nodiscard]] bool is_idle() const noexcept;
    /// Pages that the log of changes has, or 0.
    [[nodiscard]] int logged_pages() const noexcept { return *logged_pages_; }
    /// Whether the log is left as it is when the database is closed. Otherwise it is copied into
    /// the database then, and removed.
    void keep_log_at_end(bool keeps) noexcept;
    /// Copies the log of changes into the database; the next change begins it anew. Returns
    /// whether there was something in it.
    store_result<bool> checkpoint();

private:
    struct close {
        void operator()(sqlite3* open) const noexcept;
    };
    explicit sqlite_database(sqlite3* open);

    // Declared first, so that it outlives the connection that writes it.
    std::unique_ptr<int> logged_pages_;
    std::unique_ptr<sqlite3, close> open_;
};

}  // namespace framewire
