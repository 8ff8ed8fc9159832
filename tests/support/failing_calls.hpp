#pragma once

#include <cstddef>
#include <cstdint>

namespace framewire::tests {

/// System calls of this program that can be made to fail. Sockets of tests use others
/// (`sendto`, `recvfrom`, `accept`), so that only the code under test is affected. `epoll_add` and
/// `epoll_change` are `epoll_ctl` when it adds or changes a descriptor, `epoll_wait` is also
/// `epoll_pwait2`.
enum class system_call : std::uint8_t {
    accept4,
    recv,
    send,
    epoll_add,
    epoll_change,
    epoll_wait,
    pthread_create,
};
inline constexpr std::size_t system_call_count = 7;

/// The next `count` of these calls fail with `error` and do nothing.
void fail_next(system_call which, int error, int count = 1);
/// The same, after so many that do as usual.
void fail_after(system_call which, int calls, int error, int count = 1);
/// Every `recv` and `send` moves at most so many bytes; zero switches this off.
void move_at_most(std::size_t bytes);
/// The number of requested failures that are still to come.
[[nodiscard]] int failures_left(system_call which);
/// Restores the normal calls.
void fail_no_more();

/// Restores the normal calls at the end of a test, however it ends.
struct failing_calls_end {
    failing_calls_end() = default;
    failing_calls_end(const failing_calls_end&) = delete;
    failing_calls_end& operator=(const failing_calls_end&) = delete;
    ~failing_calls_end() { fail_no_more(); }
};

}  // namespace framewire::tests
