// What the C library has of threads, for those of the simulated program.

#include "memory.hpp"
#include "simulated_call.hpp"
#include "world.hpp"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <functional>

namespace framewire::tests {
namespace {

bool is_simulated() { return world::exists() && world::current().threads.running() != 0; }

nanoseconds time_of(const timespec& when) {
    return std::chrono::seconds(when.tv_sec) + nanoseconds(when.tv_nsec);
}

// A condition that may be notified at any time: the caller checks for what it waits.
int wait_for(pthread_cond_t* condition, pthread_mutex_t* mutex, nanoseconds until) {
    auto& in = world::current();
    const auto before = in.notified(condition);
    ::pthread_mutex_unlock(mutex);
    const bool woken = in.threads.wait([&] { return in.notified(condition) != before; }, until);
    ::pthread_mutex_lock(mutex);
    return woken ? 0 : ETIMEDOUT;
}

}  // namespace
}  // namespace framewire::tests

namespace tests = framewire::tests;
using tests::memory_owner;
using tests::world;

extern "C" {

int pthread_create(pthread_t* made, const pthread_attr_t* attributes, void* (*run)(void*),
                   void* argument) noexcept {
    if (!tests::is_simulated()) {
        static auto* const real = tests::real_call<decltype(pthread_create)>("pthread_create");
        return real(made, attributes, run, argument);
    }
    const tests::allocating_for here(memory_owner::simulation);
    *made = world::current().threads.start([run, argument] { run(argument); });
    return 0;
}

int pthread_join(pthread_t thread, void** result) {
    if (!tests::is_simulated()) {
        static auto* const real = tests::real_call<decltype(pthread_join)>("pthread_join");
        return real(thread, result);
    }
    const tests::allocating_for here(memory_owner::simulation);
    auto& all = world::current().threads;
    all.wait([&] { return all.is_done(thread); });
    return 0;
}

int pthread_detach(pthread_t /*thread*/) noexcept { return 0; }

pthread_t pthread_self() noexcept {
    if (!tests::is_simulated()) {
        static auto* const real = tests::real_call<pthread_t()>("pthread_self");
        return real();
    }
    return world::current().threads.running();
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
    const tests::allocating_for here(memory_owner::simulation);
    return tests::wait_for(condition, mutex, tests::nanoseconds::max());
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const timespec* until) {
    const tests::allocating_for here(memory_owner::simulation);
    return tests::wait_for(condition, mutex, tests::time_of(*until));
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t /*clock*/,
                           const timespec* until) {
    const tests::allocating_for here(memory_owner::simulation);
    return tests::wait_for(condition, mutex, tests::time_of(*until));
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
    if (!world::exists()) return 0;
    const tests::allocating_for here(memory_owner::simulation);
    world::current().notify(condition);
    return 0;
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
    return pthread_cond_signal(condition);
}

// The library has no other call of this kind than that of futures and atomics that wait.
long syscall(long number, ...) noexcept {
    va_list rest;
    va_start(rest, number);
    auto* const word = va_arg(rest, int*);
    const int operation = va_arg(rest, int);
    const int value = va_arg(rest, int);
    auto* const until = va_arg(rest, timespec*);
    const long fifth = va_arg(rest, long);
    const long sixth = va_arg(rest, long);
    va_end(rest);
    constexpr int waits = 0;
    constexpr int waits_for_bits = 9;
    const bool is_wait = (operation & 127) == waits || (operation & 127) == waits_for_bits;
    if (number != SYS_futex || !tests::is_simulated()) {
        static auto* const real = tests::real_call<long(long, ...)>("syscall");
        return real(number, word, operation, value, until, fifth, sixth);
    }
    if (!is_wait) return 0;
    const tests::allocating_for here(memory_owner::simulation);
    world::current().require(until == nullptr, "a futex is waited for with a deadline");
    world::current().threads.wait(
        [&] { return __atomic_load_n(word, __ATOMIC_SEQ_CST) != value; });
    return 0;
}
}
