#include "store_file.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace framewire {
namespace {

// Free pages are given back only if they are many, as new messages will need some.
constexpr std::int64_t free_pages_kept = 4'096;

std::int64_t signed_of(std::uint64_t number) noexcept { return static_cast<std::int64_t>(number); }
std::uint64_t unsigned_of(std::int64_t number) noexcept {
    return static_cast<std::uint64_t>(number);
}

}  // namespace

store_result<void> store_file::compile() {
    constexpr std::array texts{
        "BEGIN IMMEDIATE",
        "COMMIT",
        "ROLLBACK",
        "INSERT INTO messages VALUES(?1, ?2, NULL, ?3)",
        "INSERT INTO messages VALUES(?1, ?2, ?4, ?3) ON CONFLICT(id) WHERE id IS NOT NULL "
        "DO NOTHING",
        "SELECT \"offset\", payload = ?2 FROM messages WHERE id = ?1",
        "SELECT \"offset\", time, id, payload FROM messages WHERE \"offset\" >= ?1 "
        "ORDER BY \"offset\"",
        "SELECT time FROM messages WHERE \"offset\" = ?1",
        "DELETE FROM messages WHERE \"offset\" < ?1",
        "UPDATE next_message SET \"offset\" = ?1",
        "SELECT confirmed FROM consumers WHERE name = ?1",
        "INSERT INTO consumers VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET confirmed = ?2"};
    std::vector<sqlite_statement> all;
    for (const char* text : texts) {
        auto one = database_.prepare(text);
        if (!one) return tl::unexpected(one.error());
        all.push_back(std::move(*one));
    }
    auto at = all.begin();
    run_.emplace(statements{std::move(at[0]), std::move(at[1]), std::move(at[2]), std::move(at[3]),
                            std::move(at[4]), std::move(at[5]), std::move(at[6]), std::move(at[7]),
                            std::move(at[8]), std::move(at[9]), std::move(at[10]),
                            std::move(at[11])});
    return {};
}

store_result<void> store_file::begin() {
    // Without memory, one may have begun that was not rolled back, or whose beginning failed.
    if (!database_.is_idle()) roll_back();
    first_before_ = first_;
    next_before_ = next_;
    return run_->begin.run();
}

store_result<added_message> store_file::add(bytes payload, bytes id, store_time now) {
    auto& added = id.empty() ? run_->add : run_->add_with_id;
    added.bind(1, signed_of(next_));
    added.bind(2, std::int64_t{now.time_since_epoch().count()});
    added.bind(3, payload);
    if (!id.empty()) added.bind(4, id);
    if (auto done = added.run(); !done) return tl::unexpected(done.error());
    if (!id.empty() && database_.changes() == 0) return compare(payload, id);
    return added_message{added_message::outcome::stored, next_++};
}

store_result<added_message> store_file::compare(bytes payload, bytes id) {
    auto& asked = run_->find_id;
    asked.bind(1, id);
    asked.bind(2, payload);
    const auto found = asked.step();
    if (!found) return tl::unexpected(found.error());
    const bool is_same = *found && asked.number(1) != 0;
    const auto offset = *found ? unsigned_of(asked.number(0)) : 0;
    asked.reset();
    using outcome = added_message::outcome;
    return added_message{is_same ? outcome::repeated : outcome::conflict, offset};
}

store_result<void> store_file::commit() {
    if (auto done = run_->commit.run(); !done) {
        roll_back();
        return done;
    }
    // From here on, nothing can be rolled back, whatever fails.
    first_before_ = first_;
    next_before_ = next_;
    return mark_.note(next_ - 1);
}

void store_file::roll_back() noexcept {
    if (!database_.is_idle()) run_->roll_back.try_to_run();
    first_ = first_before_;
    next_ = next_before_;
}

store_result<void> store_file::begin_log_anew() {
    const auto has_copied = database_.checkpoint();
    if (!has_copied) return tl::unexpected(has_copied.error());
    if (*has_copied) {
        if (auto written = probe(); !written) return written;
    }
    return mark_.sync();
}

store_result<void> store_file::probe() {
    run_->note_next.bind(1, signed_of(next_));
    return run_->note_next.run();
}

store_result<void> store_file::read(std::uint64_t from,
                                    const std::function<bool(const stored_message&)>& take) {
    auto& asked = run_->read;
    const sqlite_reset at_end(asked);
    asked.bind(1, signed_of(from));
    while (true) {
        const auto found = asked.step();
        if (!found) return tl::unexpected(found.error());
        const stored_message one{unsigned_of(asked.number(0)),
                                 store_time(std::chrono::microseconds(asked.number(1))),
                                 asked.blob(2), asked.blob(3)};
        if (!*found || !take(one)) break;
    }
    return {};
}

store_result<std::optional<store_time>> store_file::time_of(std::uint64_t offset) {
    auto& asked = run_->time_of;
    asked.bind(1, signed_of(offset));
    const auto found = asked.step();
    if (!found) return tl::unexpected(found.error());
    std::optional<store_time> time;
    if (*found) time = store_time(std::chrono::microseconds(asked.number(0)));
    asked.reset();
    return time;
}

store_result<std::uint64_t> store_file::find(store_time when) {
    auto low = first_;
    auto high = next_;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto time = time_of(middle);
        if (!time) return tl::unexpected(time.error());
        if (*time && **time < when) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

store_result<std::optional<std::uint64_t>> store_file::confirmed(std::string_view consumer) {
    auto& asked = run_->confirmed;
    asked.bind(1, consumer);
    const auto found = asked.step();
    if (!found) return tl::unexpected(found.error());
    std::optional<std::uint64_t> offset;
    if (*found) offset = unsigned_of(asked.number(0));
    asked.reset();
    return offset;
}

store_result<void> store_file::confirm(std::string_view consumer, std::uint64_t offset) {
    run_->confirm.bind(1, consumer);
    run_->confirm.bind(2, signed_of(offset));
    return run_->confirm.run();
}

store_result<std::uint64_t> store_file::first_to_keep(const store_retention& keep,
                                                      store_time now) {
    auto first = first_;
    if (keep.messages_max != 0 && next_ - first_ > keep.messages_max) {
        first = next_ - keep.messages_max;
    }
    if (keep.age_max.count() != 0) {
        auto oldest = find(now - keep.age_max);
        if (!oldest) return oldest;
        first = std::max(first, *oldest);
    }
    if (keep.bytes_max != 0 && first < next_) {
        auto used = used_bytes();
        if (!used) return used;
        // Nobody knows how much one of them occupies; step by step it becomes less.
        if (*used > keep.bytes_max) first = next_ - 1;
    }
    return first;
}

// The number of the next message must outlive the last one.
store_result<std::uint64_t> store_file::trim(const store_retention& keep, std::uint64_t count,
                                             store_time now) {
    auto kept = first_to_keep(keep, now);
    if (!kept) return kept;
    const auto first = std::min(*kept, first_ + count);
    const auto before = first_;
    if (auto done = drop_until(first); !done) return tl::unexpected(done.error());
    return first_ - before;
}

store_result<void> store_file::drop_until(std::uint64_t offset) {
    if (offset <= first_) return {};
    run_->trim.bind(1, signed_of(offset));
    if (auto done = run_->trim.run(); !done) return done;
    if (auto done = probe(); !done) return done;
    first_ = offset;
    return {};
}

store_result<bool> store_file::compact(std::int64_t pages) {
    const auto unused = database_.number("PRAGMA freelist_count");
    if (!unused) return tl::unexpected(unused.error());
    const auto all = database_.number("PRAGMA page_count");
    if (!all) return tl::unexpected(all.error());
    if (*unused <= free_pages_kept || *unused < *all / 4) return false;
    const auto done =
        database_.execute(fmt::format("PRAGMA incremental_vacuum({})", pages).c_str());
    if (!done) return tl::unexpected(done.error());
    return true;
}

store_result<bool> store_file::checkpoint_above(int pages) {
    if (database_.logged_pages() <= pages) return false;
    return checkpoint().map([] { return true; });
}

store_result<void> store_file::checkpoint() {
    if (const auto done = database_.checkpoint(); !done) return tl::unexpected(done.error());
    return mark_.sync();
}

store_result<std::uint64_t> store_file::used_bytes() {
    return database_
        .number(
            "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count,"
            " pragma_freelist_count, pragma_page_size")
        .map(unsigned_of);
}

store_result<std::uint64_t> store_file::free_bytes() {
    return database_
        .number("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
        .map(unsigned_of);
}

store_result<std::string> store_file::verify() {
    auto checked = database_.text("PRAGMA integrity_check(1)");
    if (!checked) return checked;
    if (*checked != "ok") return *checked;
    auto expected = first_;
    std::string wrong;
    const auto done = read(first_, [&](const stored_message& one) {
        if (one.offset != expected) {
            wrong = fmt::format("message {} is missing", expected);
            return false;
        }
        ++expected;
        return true;
    });
    if (!done) return tl::unexpected(done.error());
    if (wrong.empty() && expected != next_) wrong = fmt::format("message {} is missing", expected);
    return wrong;
}

}  // namespace framewire
