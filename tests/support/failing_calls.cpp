#include "failing_calls.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>

namespace framewire::tests {
namespace {

struct order {
    std::atomic<int> error{0};
    std::atomic<int> count{0};
    std::atomic<int> calls_before{0};
};

std::array<order, system_call_count> orders;
std::atomic<std::size_t> bytes_max{0};

order& order_for(system_call which) { return orders.at(static_cast<std::size_t>(which)); }

bool fails(system_call which) {
    auto& one = order_for(which);
    if (one.calls_before > 0 && one.calls_before.fetch_sub(1) > 0) return false;
    auto left = one.count.load();
    while (left > 0) {
        if (!one.count.compare_exchange_weak(left, left - 1)) continue;
        errno = one.error.load();
        return true;
    }
    return false;
}

std::size_t shortened(std::size_t size) {
    const auto max = bytes_max.load();
    return max == 0 ? size : std::min(size, max);
}

// The function that this one replaces.
template <class Function>
Function* original(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

void fail_next(system_call which, int error, int count) { fail_after(which, 0, error, count); }

void fail_after(system_call which, int calls, int error, int count) {
    order_for(which).calls_before = calls;
    order_for(which).error = error;
    order_for(which).count = count;
}

void move_at_most(std::size_t bytes) { bytes_max = bytes; }

int failures_left(system_call which) { return order_for(which).count; }

void fail_no_more() {
    for (auto& one : orders) one.count = 0;
    bytes_max = 0;
}

}  // namespace framewire::tests

namespace tests = framewire::tests;

// The program's own definitions take precedence over those of the C library.
extern "C" {

int accept4(int socket, sockaddr* from, socklen_t* size, int flags) {
    static auto* const real = tests::original<int(int, sockaddr*, socklen_t*, int)>("accept4");
    if (tests::fails(tests::system_call::accept4)) return -1;
    return real(socket, from, size, flags);
}

ssize_t recv(int socket, void* buffer, std::size_t size, int flags) {
    static auto* const real = tests::original<ssize_t(int, void*, std::size_t, int)>("recv");
    if (tests::fails(tests::system_call::recv)) return -1;
    return real(socket, buffer, tests::shortened(size), flags);
}

ssize_t send(int socket, const void* buffer, std::size_t size, int flags) {
    static auto* const real = tests::original<ssize_t(int, const void*, std::size_t, int)>("send");
    if (tests::fails(tests::system_call::send)) return -1;
    return real(socket, buffer, tests::shortened(size), flags);
}

int epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event) noexcept {
    static auto* const real = tests::original<int(int, int, int, epoll_event*)>("epoll_ctl");
    if (operation == EPOLL_CTL_ADD && tests::fails(tests::system_call::epoll_add)) return -1;
    if (operation == EPOLL_CTL_MOD && tests::fails(tests::system_call::epoll_change)) return -1;
    return real(epoll, operation, descriptor, event);
}

int epoll_wait(int epoll, epoll_event* events, int size, int timeout) {
    static auto* const real = tests::original<int(int, epoll_event*, int, int)>("epoll_wait");
    if (tests::fails(tests::system_call::epoll_wait)) return -1;
    return real(epoll, events, size, timeout);
}

int epoll_pwait2(int epoll, epoll_event* events, int size, const timespec* timeout,
                 const sigset_t* signals) {
    static auto* const real =
        tests::original<int(int, epoll_event*, int, const timespec*, const sigset_t*)>(
            "epoll_pwait2");
    if (tests::fails(tests::system_call::epoll_wait)) return -1;
    return real(epoll, events, size, timeout, signals);
}

// Sanitizers replace this one too, and must not be passed over.
int __interceptor_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*),
                                 void*) noexcept __attribute__((weak));

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                   void* argument) noexcept {
    using function = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) noexcept;
    static auto* const real = __interceptor_pthread_create != nullptr
                                  ? &__interceptor_pthread_create
                                  : tests::original<function>("pthread_create");
    if (tests::fails(tests::system_call::pthread_create)) return errno;
    return real(thread, attributes, run, argument);
}
}
