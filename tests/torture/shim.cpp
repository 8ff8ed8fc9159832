// Preloaded into the command under torture: makes its allocations and system calls fail, as a plan
// says that the driver writes into a file both have mapped (control.py). Where no plan is given,
// everything passes.

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

// In the order of `CALLS` in control.py.
enum class call : std::int32_t {
    none,
    allocate,
    accept4,
    recv,
    send,
    epoll_ctl,
    epoll_wait,
    epoll_pwait2,
    epoll_create1,
    eventfd,
    read,
    write,
    shutdown,
    setsockopt,
    getsockopt,
    getpeername,
    getsockname,
    fcntl,
    socket,
    bind,
    listen,
    connect,
    poll,
    open,
    pipe2,
    socketpair,
    pthread_create,
    posix_spawn,
};

struct plan {
    std::atomic<std::int32_t> which;  // `call::none`: nothing fails
    std::atomic<std::int32_t> first;  // the first call that fails, from 1
    std::atomic<std::int32_t> times;  // how many fail; negative: all from there
    std::atomic<std::int32_t> error;
    std::atomic<std::int32_t> seen;    // calls since the plan was made
    std::atomic<std::int32_t> failed;  // of which so many failed
    std::atomic<std::int64_t> blocks;  // that are allocated
};

plan* ours = nullptr;

bool fails(call which) noexcept {
    if (ours == nullptr || ours->which.load() != static_cast<std::int32_t>(which)) return false;
    const auto now = ++ours->seen;
    const auto first = ours->first.load();
    const auto times = ours->times.load();
    if (now < first || (times >= 0 && now >= first + times)) return false;
    ++ours->failed;
    errno = ours->error;
    return true;
}

// Reading and writing these fails in no way that matters: others than EAGAIN do not occur, and it
// means that there is nothing to do.
std::atomic<bool> is_event[1024];

bool is_event_descriptor(int descriptor) noexcept {
    return descriptor >= 0 && descriptor < 1024 && is_event[descriptor];
}

int noted_event(int descriptor) noexcept {
    if (descriptor >= 0 && descriptor < 1024) is_event[descriptor] = true;
    return descriptor;
}

void* counted(void* block) noexcept {
    if (ours != nullptr && block != nullptr) ours->blocks.fetch_add(1, std::memory_order_relaxed);
    return block;
}

bool no_memory() noexcept {
    if (!fails(call::allocate)) return false;
    errno = ENOMEM;
    return true;
}

// Programs that the command starts are spared.
__attribute__((constructor)) void map_plan() {
    const char* const path = std::getenv("FRAMEWIRE_TORTURE");
    if (path == nullptr) return;
    const int file = ::open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) std::abort();
    void* const at = ::mmap(nullptr, sizeof(plan), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (at == MAP_FAILED) std::abort();
    ::unsetenv("FRAMEWIRE_TORTURE");
    ::unsetenv("LD_PRELOAD");
    ours = static_cast<plan*>(at);
}

// The function of the C library that one of ours hides.
template <class Function>
Function* hidden(Function* /*ours*/, const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);

void* malloc(std::size_t size) { return no_memory() ? nullptr : counted(__libc_malloc(size)); }

void* calloc(std::size_t count, std::size_t size) {
    return no_memory() ? nullptr : counted(__libc_calloc(count, size));
}

void* realloc(void* block, std::size_t size) {
    if (no_memory()) return nullptr;
    void* const now = __libc_realloc(block, size);
    return block == nullptr ? counted(now) : now;
}

int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
    if (no_memory()) return ENOMEM;
    *block = counted(__libc_memalign(alignment, size));
    return *block == nullptr ? ENOMEM : 0;
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return no_memory() ? nullptr : counted(__libc_memalign(alignment, size));
}

void free(void* block) {
    if (ours != nullptr && block != nullptr) ours->blocks.fetch_sub(1, std::memory_order_relaxed);
    __libc_free(block);
}

int accept4(int socket, sockaddr* from, socklen_t* size, int flags) {
    static auto* const real = hidden(&accept4, "accept4");
    return fails(call::accept4) ? -1 : real(socket, from, size, flags);
}

ssize_t recv(int socket, void* buffer, std::size_t size, int flags) {
    static auto* const real = hidden(&recv, "recv");
    return fails(call::recv) ? -1 : real(socket, buffer, size, flags);
}

ssize_t __recv_chk(int socket, void* buffer, std::size_t size, std::size_t, int flags) {
    return recv(socket, buffer, size, flags);
}

ssize_t send(int socket, const void* buffer, std::size_t size, int flags) {
    static auto* const real = hidden(&send, "send");
    return fails(call::send) ? -1 : real(socket, buffer, size, flags);
}

int epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event) noexcept {
    static auto* const real = hidden(&epoll_ctl, "epoll_ctl");
    return fails(call::epoll_ctl) ? -1 : real(epoll, operation, descriptor, event);
}

int epoll_wait(int epoll, epoll_event* events, int count, int timeout) {
    static auto* const real = hidden(&epoll_wait, "epoll_wait");
    return fails(call::epoll_wait) ? -1 : real(epoll, events, count, timeout);
}

int epoll_pwait2(int epoll, epoll_event* events, int count, const timespec* timeout,
                 const sigset_t* mask) {
    static auto* const real = hidden(&epoll_pwait2, "epoll_pwait2");
    return fails(call::epoll_pwait2) ? -1 : real(epoll, events, count, timeout, mask);
}

int epoll_create1(int flags) noexcept {
    static auto* const real = hidden(&epoll_create1, "epoll_create1");
    return fails(call::epoll_create1) ? -1 : real(flags);
}

int eventfd(unsigned count, int flags) noexcept {
    static auto* const real =
        reinterpret_cast<int (*)(unsigned, int)>(::dlsym(RTLD_NEXT, "eventfd"));
    return fails(call::eventfd) ? -1 : noted_event(real(count, flags));
}

ssize_t read(int descriptor, void* buffer, std::size_t size) {
    static auto* const real = hidden(&read, "read");
    const bool may_fail = !is_event_descriptor(descriptor);
    return may_fail && fails(call::read) ? -1 : real(descriptor, buffer, size);
}

ssize_t __read_chk(int descriptor, void* buffer, std::size_t size, std::size_t) {
    return read(descriptor, buffer, size);
}

ssize_t write(int descriptor, const void* buffer, std::size_t size) {
    static auto* const real = hidden(&write, "write");
    const bool may_fail = !is_event_descriptor(descriptor);
    return may_fail && fails(call::write) ? -1 : real(descriptor, buffer, size);
}

int close(int descriptor) {
    static auto* const real = hidden(&close, "close");
    if (is_event_descriptor(descriptor)) is_event[descriptor] = false;
    return real(descriptor);
}

int shutdown(int socket, int how) noexcept {
    static auto* const real = hidden(&shutdown, "shutdown");
    return fails(call::shutdown) ? -1 : real(socket, how);
}

int setsockopt(int socket, int level, int name, const void* value, socklen_t size) noexcept {
    static auto* const real = hidden(&setsockopt, "setsockopt");
    return fails(call::setsockopt) ? -1 : real(socket, level, name, value, size);
}

int getsockopt(int socket, int level, int name, void* value, socklen_t* size) noexcept {
    static auto* const real = hidden(&getsockopt, "getsockopt");
    return fails(call::getsockopt) ? -1 : real(socket, level, name, value, size);
}

int getpeername(int socket, sockaddr* at, socklen_t* size) noexcept {
    static auto* const real = hidden(&getpeername, "getpeername");
    return fails(call::getpeername) ? -1 : real(socket, at, size);
}

int getsockname(int socket, sockaddr* at, socklen_t* size) noexcept {
    static auto* const real = hidden(&getsockname, "getsockname");
    return fails(call::getsockname) ? -1 : real(socket, at, size);
}

int fcntl(int descriptor, int command, ...) {
    static auto* const real =
        reinterpret_cast<int (*)(int, int, ...)>(::dlsym(RTLD_NEXT, "fcntl"));
    va_list rest;
    va_start(rest, command);
    const auto argument = va_arg(rest, long);
    va_end(rest);
    return fails(call::fcntl) ? -1 : real(descriptor, command, argument);
}

int socket(int family, int type, int protocol) noexcept {
    static auto* const real = hidden(&socket, "socket");
    return fails(call::socket) ? -1 : real(family, type, protocol);
}

int bind(int socket, const sockaddr* at, socklen_t size) noexcept {
    static auto* const real = hidden(&bind, "bind");
    return fails(call::bind) ? -1 : real(socket, at, size);
}

int listen(int socket, int backlog) noexcept {
    static auto* const real = hidden(&listen, "listen");
    return fails(call::listen) ? -1 : real(socket, backlog);
}

int connect(int socket, const sockaddr* at, socklen_t size) {
    static auto* const real = hidden(&connect, "connect");
    return fails(call::connect) ? -1 : real(socket, at, size);
}

int poll(pollfd* all, nfds_t count, int timeout) {
    static auto* const real = hidden(&poll, "poll");
    return fails(call::poll) ? -1 : real(all, count, timeout);
}

int __poll_chk(pollfd* all, nfds_t count, int timeout, std::size_t) {
    return poll(all, count, timeout);
}

int ppoll(pollfd* all, nfds_t count, const timespec* timeout, const sigset_t* mask) {
    static auto* const real = hidden(&ppoll, "ppoll");
    return fails(call::poll) ? -1 : real(all, count, timeout, mask);
}

int open(const char* path, int flags, ...) {
    static auto* const real =
        reinterpret_cast<int (*)(const char*, int, ...)>(::dlsym(RTLD_NEXT, "open"));
    va_list rest;
    va_start(rest, flags);
    const auto mode = va_arg(rest, unsigned);
    va_end(rest);
    return fails(call::open) ? -1 : real(path, flags, mode);
}

int pipe2(int* ends, int flags) noexcept {
    static auto* const real = hidden(&pipe2, "pipe2");
    return fails(call::pipe2) ? -1 : real(ends, flags);
}

int socketpair(int family, int type, int protocol, int* ends) noexcept {
    static auto* const real = hidden(&socketpair, "socketpair");
    return fails(call::socketpair) ? -1 : real(family, type, protocol, ends);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* how, void* (*run)(void*),
                   void* with) noexcept {
    static auto* const real = hidden(&pthread_create, "pthread_create");
    return fails(call::pthread_create) ? errno : real(thread, how, run, with);
}

int posix_spawn(pid_t* child, const char* path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* how, char* const* words, char* const* variables) {
    static auto* const real = hidden(&posix_spawn, "posix_spawn");
    return fails(call::posix_spawn) ? errno : real(child, path, actions, how, words, variables);
}
}
