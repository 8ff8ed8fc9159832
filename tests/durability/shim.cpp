// Preloaded into a server that stores: between it and the files of its store. It notes what is
// written, flushed and acknowledged in one order (trace.hpp), and makes calls fail as a plan says
// that disk.py writes into a file both have mapped.

#include "trace.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace {

using framewire::durability_rig::file_of;
using framewire::durability_rig::record;

// In the order of `CALLS`, `ACTIONS` and `SABOTAGES` in disk.py.
enum call : std::int32_t {
    open_file = 1,
    write_file = 2,
    truncate_file = 4,
    flush_file = 8,
    unlink_file = 16,
    read_file = 32
};
enum class action : std::int32_t { pass, fail, cut_short, wait, end_process };
enum class sabotage : std::int32_t { none, no_flush, late_pragma, lost_pragma };

struct plan {
    std::atomic<std::int32_t> what;   // `action`
    std::atomic<std::int32_t> calls;  // bits of `call`
    std::atomic<std::int32_t> files;  // bits, by `file_of`
    std::atomic<std::int32_t> first;  // the first of these calls that is affected, from 1
    std::atomic<std::int32_t> times;  // how many are; negative: all from there
    std::atomic<std::int32_t> error;
    std::atomic<std::int32_t> seen;    // such calls since the plan was made
    std::atomic<std::int32_t> done;    // of which so many were affected
    std::atomic<std::int32_t> damage;  // `sabotage`
    std::atomic<std::int32_t>
        log_scale;  // the log seems to be so many times as large; 0: it does not
    std::atomic<std::int64_t> clock_shift;  // seconds
};

constexpr int descriptors_max = 1024;
constexpr std::uint32_t not_ours = 255;

plan* ours = nullptr;
std::string_view folder;
int trace = -1;
std::mutex mutex;
std::uint64_t connections = 0;
struct descriptor_use {
    std::uint32_t file = not_ours;
    std::uint64_t connection = 0;
} used[descriptors_max];

int (*noted_pages)(void*, sqlite3*, const char*, int) = nullptr;

int note_scaled_pages(void* with, sqlite3* where, const char* name, int pages) {
    const int scale = ours->log_scale;
    return noted_pages(with, where, name, scale > 0 ? pages * scale : pages);
}

// The function of the C library that one of ours hides.
template <class Function>
Function* hidden(Function* /*ours*/, const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

int real_open(const char* path, int flags, unsigned mode) {
    static auto* const real =
        reinterpret_cast<int (*)(const char*, int, ...)>(::dlsym(RTLD_NEXT, "open"));
    return real(path, flags, mode);
}

std::uint32_t file_at(const char* path) {
    std::string_view text = path;
    if (ours == nullptr || !text.starts_with(folder)) return not_ours;
    text.remove_prefix(folder.size());
    while (text.starts_with('/')) text.remove_prefix(1);
    auto found = file_of::other;
    if (text.empty()) found = file_of::folder;
    if (text.ends_with(".db")) found = file_of::database;
    if (text.ends_with("-wal")) found = file_of::log;
    if (text.ends_with("-mark")) found = file_of::mark;
    if (text.ends_with("-journal")) found = file_of::journal;
    return static_cast<std::uint32_t>(found);
}

descriptor_use* use_of(int descriptor) {
    const bool is_known = ours != nullptr && descriptor >= 0 && descriptor < descriptors_max;
    return is_known ? &used[descriptor] : nullptr;
}

std::uint32_t file_of_descriptor(int descriptor) {
    const auto* const use = use_of(descriptor);
    return use == nullptr ? not_ours : use->file;
}

// Requires: the mutex is locked.
void note(record::kind what, std::uint32_t file, std::uint64_t at = 0, const void* data = nullptr,
          std::size_t size = 0) {
    if (trace < 0) return;
    record one{what, static_cast<file_of>(file), at, size};
    const iovec both[] = {{&one, sizeof one}, {const_cast<void*>(data), size}};
    if (::writev(trace, both, 2) < 0) std::abort();
}

// What the plan says about this call.
action planned(call which, std::uint32_t file) {
    if (ours == nullptr || file == not_ours) return action::pass;
    const auto what = static_cast<action>(ours->what.load());
    if (what == action::pass || (ours->calls & which) == 0 || (ours->files & 1 << file) == 0) {
        return action::pass;
    }
    const auto now = ++ours->seen;
    if (now < ours->first || (ours->times >= 0 && now >= ours->first + ours->times)) {
        return action::pass;
    }
    ++ours->done;
    while (what == action::wait && static_cast<action>(ours->what.load()) == action::wait) {
        ::usleep(1000);
    }
    errno = ours->error;
    return what == action::wait ? action::pass : what;
}

[[noreturn]] void end_process() {
    ::kill(::getpid(), SIGKILL);
    while (true) ::pause();
}

bool fails(call which, std::uint32_t file) {
    const auto what = planned(which, file);
    if (what == action::end_process) end_process();
    return what == action::fail;
}

ssize_t write_at(int descriptor, const void* data, std::size_t size, off_t at) {
    static auto* const real = hidden(&pwrite, "pwrite64");
    const auto file = file_of_descriptor(descriptor);
    const auto what = planned(write_file, file);
    if (what == action::fail) return -1;
    if (what == action::cut_short || what == action::end_process) size = (size + 1) / 2;
    const std::lock_guard lock(mutex);
    const auto done = real(descriptor, data, size, at);
    if (file != not_ours && done > 0) {
        note(record::kind::written, file, static_cast<std::uint64_t>(at), data,
             static_cast<std::size_t>(done));
    }
    if (what == action::end_process) end_process();
    return done;
}

int flush(int descriptor, int (*real)(int)) {
    const auto file = file_of_descriptor(descriptor);
    if (file == not_ours) return real(descriptor);
    if (fails(flush_file, file)) {
        const int error = errno;
        const std::lock_guard lock(mutex);
        note(record::kind::failed, file);
        errno = error;
        return -1;
    }
    if (static_cast<sabotage>(ours->damage.load()) == sabotage::no_flush) return 0;
    if (const int done = real(descriptor); done != 0) return done;
    const std::lock_guard lock(mutex);
    note(record::kind::flushed, file);
    return 0;
}

int open_at(const char* path, int flags, unsigned mode) {
    const auto file = file_at(path);
    if (file == not_ours) return real_open(path, flags, mode);
    if (fails(open_file, file)) return -1;
    const std::lock_guard lock(mutex);
    const bool was_there = ::access(path, F_OK) == 0;
    const int opened = real_open(path, flags, mode);
    if (auto* const use = use_of(opened)) use->file = file;
    if (opened >= 0 && !was_there) note(record::kind::made, file);
    return opened;
}

int truncate_at(int descriptor, off_t size) {
    static auto* const real = hidden(&ftruncate, "ftruncate64");
    const auto file = file_of_descriptor(descriptor);
    if (fails(truncate_file, file)) return -1;
    const std::lock_guard lock(mutex);
    const int done = real(descriptor, size);
    if (file != not_ours && done == 0) {
        note(record::kind::truncated, file, static_cast<std::uint64_t>(size));
    }
    return done;
}

// Programs that the server starts are spared.
__attribute__((constructor)) void map_plan() {
    const char* const path = std::getenv("FRAMEWIRE_DISK_PLAN");
    const char* const files = std::getenv("FRAMEWIRE_DISK_FOLDER");
    if (path == nullptr || files == nullptr) return;
    const int file = real_open(path, O_RDWR | O_CLOEXEC, 0);
    if (file < 0) std::abort();
    void* const at = ::mmap(nullptr, sizeof(plan), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (at == MAP_FAILED) std::abort();
    folder = ::strdup(files);
    if (const char* const into = std::getenv("FRAMEWIRE_DISK_TRACE")) {
        trace = real_open(into, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (trace < 0) std::abort();
    }
    for (const char* name :
         {"FRAMEWIRE_DISK_PLAN", "FRAMEWIRE_DISK_FOLDER", "FRAMEWIRE_DISK_TRACE", "LD_PRELOAD"}) {
        ::unsetenv(name);
    }
    ours = static_cast<plan*>(at);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const auto mode = va_arg(rest, unsigned);
    va_end(rest);
    return open_at(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const auto mode = va_arg(rest, unsigned);
    va_end(rest);
    return open_at(path, flags, mode);
}

int close(int descriptor) {
    static auto* const real = hidden(&close, "close");
    if (auto* const use = use_of(descriptor)) *use = {};
    return real(descriptor);
}

ssize_t pwrite(int descriptor, const void* data, std::size_t size, off_t at) {
    return write_at(descriptor, data, size, at);
}

ssize_t pwrite64(int descriptor, const void* data, std::size_t size, off64_t at) {
    return write_at(descriptor, data, size, at);
}

ssize_t pread64(int descriptor, void* data, std::size_t size, off64_t at) {
    static auto* const real = hidden(&pread64, "pread64");
    return fails(read_file, file_of_descriptor(descriptor)) ? -1
                                                            : real(descriptor, data, size, at);
}

int ftruncate(int descriptor, off_t size) noexcept { return truncate_at(descriptor, size); }
int ftruncate64(int descriptor, off64_t size) noexcept { return truncate_at(descriptor, size); }

int fsync(int descriptor) {
    static auto* const real = hidden(&fsync, "fsync");
    return flush(descriptor, real);
}

int fdatasync(int descriptor) {
    static auto* const real = hidden(&fdatasync, "fdatasync");
    return flush(descriptor, real);
}

int unlink(const char* path) noexcept {
    static auto* const real = hidden(&unlink, "unlink");
    const auto file = file_at(path);
    if (fails(unlink_file, file)) return -1;
    const std::lock_guard lock(mutex);
    const int done = real(path);
    if (file != not_ours && done == 0) note(record::kind::removed, file);
    return done;
}

int accept4(int socket, sockaddr* from, socklen_t* size, int flags) {
    static auto* const real = hidden(&accept4, "accept4");
    const int accepted = real(socket, from, size, flags);
    if (auto* const use = use_of(accepted)) {
        const std::lock_guard lock(mutex);
        use->connection = ++connections + (static_cast<std::uint64_t>(::getpid()) << 32);
        note(record::kind::accepted, not_ours, use->connection);
    }
    return accepted;
}

// Sent and noted at once: what is flushed only after it was sent is noted after it.
ssize_t send(int socket, const void* data, std::size_t size, int flags) {
    static auto* const real = hidden(&send, "send");
    const auto* const use = use_of(socket);
    if (use == nullptr || use->connection == 0) return real(socket, data, size, flags);
    const std::lock_guard lock(mutex);
    const auto done = real(socket, data, size, flags);
    if (done > 0) {
        note(record::kind::sent, not_ours, use->connection, data, static_cast<std::size_t>(done));
    }
    return done;
}

int clock_gettime(clockid_t which, timespec* now) noexcept {
    static auto* const real = hidden(&clock_gettime, "clock_gettime");
    const int done = real(which, now);
    if (which == CLOCK_REALTIME && ours != nullptr) now->tv_sec += ours->clock_shift;
    return done;
}

// SQLite flushes nothing from here on: before its settings are read back, or after that.
int sqlite3_exec(sqlite3* where, const char* sql, int (*callback)(void*, int, char**, char**),
                 void* with, char** error) {
    static auto* const real = hidden(&sqlite3_exec, "sqlite3_exec");
    const bool is_lost = ours != nullptr &&
                         static_cast<sabotage>(ours->damage.load()) == sabotage::lost_pragma &&
                         std::strcmp(sql, "PRAGMA synchronous=FULL") == 0;
    return real(where, is_lost ? "PRAGMA synchronous=OFF" : sql, callback, with, error);
}

// So a small log is copied into the database as a large one would be.
void* sqlite3_wal_hook(sqlite3* where, int (*callback)(void*, sqlite3*, const char*, int),
                       void* with) {
    static auto* const real = hidden(&sqlite3_wal_hook, "sqlite3_wal_hook");
    noted_pages = callback;
    return real(where, ours == nullptr || callback == nullptr ? callback : note_scaled_pages,
                with);
}

int sqlite3_prepare_v3(sqlite3* where, const char* sql, int size, unsigned flags,
                       sqlite3_stmt** compiled, const char** tail) {
    static auto* const real = hidden(&sqlite3_prepare_v3, "sqlite3_prepare_v3");
    if (ours != nullptr && static_cast<sabotage>(ours->damage.load()) == sabotage::late_pragma &&
        std::strcmp(sql, "BEGIN IMMEDIATE") == 0) {
        sqlite3_exec(where, "PRAGMA synchronous=OFF", nullptr, nullptr, nullptr);
    }
    return real(where, sql, size, flags, compiled, tail);
}
}
