// The system calls of descriptors in general, of epoll and of eventfd.

#include "memory.hpp"
#include "simulated_call.hpp"
#include "world.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <cstring>
#include <memory>

namespace framewire::tests {
namespace {

int opened(std::shared_ptr<open_file> one) {
    const int descriptor = world::current().files.open(std::move(one));
    return descriptor < 0 ? refused(-descriptor) : descriptor;
}

void close_file(int descriptor) {
    auto& in = world::current();
    const auto file = in.files.find(descriptor);
    in.require(file != nullptr, "a descriptor is closed twice");
    if (auto* const stream = dynamic_cast<stream_file*>(file.get());
        stream != nullptr && stream->connection && stream->side == link::ours) {
        stream->connection->kept.ended = in.time.now();
        stream->connection->kept.unread = stream->connection->unread(link::ours);
        in.time.note(stream->resets ? "is reset" : "is closed", stream->connection->number(),
                     descriptor);
    }
    in.files.close(descriptor);
    in.progress();
}

int control(int epoll, int operation, int descriptor, const epoll_event* event) {
    auto& in = world::current();
    auto& polls = file_at<poll_file>(epoll, "a poller");
    const auto file = in.files.find(descriptor);
    in.require(file != nullptr, "a closed descriptor is given to a poller");
    const auto found = polls.watches.find(descriptor);
    const bool known = found != polls.watches.end();
    if (operation == EPOLL_CTL_DEL) {
        if (!known) return refused(ENOENT);
        polls.watches.erase(found);
        return 0;
    }
    constexpr std::uint32_t simulated = EPOLLIN | EPOLLOUT | EPOLLRDHUP;
    in.require((event->events & ~simulated) == 0, "epoll_ctl with events that are not simulated");
    if (known != (operation == EPOLL_CTL_MOD)) return refused(known ? EEXIST : ENOENT);
    if (const int error = in.system.fails(weather::watch_fails)) {
        if (auto* const stream = dynamic_cast<stream_file*>(file.get())) {
            if (stream->connection) stream->connection->kept.spoiled = true;
        }
        if (auto* const listener = dynamic_cast<listening_file*>(file.get())) {
            listener->refused_at = in.time.now();
        }
        return refused(error);
    }
    polls.watches[descriptor] = {file, event->events, event->data};
    return 0;
}

// The end of a turn. What is found comes in any order, and the rest in the next turn.
int wait_for(int epoll, epoll_event* events, int count, nanoseconds timeout) {
    auto& in = world::current();
    const auto& polls = file_at<poll_file>(epoll, "a poller");
    const bool interrupted = in.system.fails(weather::wait_interrupted) != 0;
    const auto until = timeout < nanoseconds(0) ? nanoseconds::max() : in.time.now() + timeout;
    in.turn_ends();
    for (const auto& [descriptor, watch] : polls.watches) {
        // The kernel keeps a file that a child also has, and the poller would report it for ever.
        in.require(in.files.find(descriptor) == watch.file.lock(),
                   "a descriptor was closed, and its poller not told");
    }
    in.threads.wait([&] { return interrupted || polls.ready() != 0; }, until);
    if (interrupted) return refused(EINTR);
    auto found = polls.found();
    for (auto left = found.size(); left > 1; --left) {
        std::swap(found[left - 1], found[in.random.below(left)]);
    }
    auto size = std::min(found.size(), static_cast<std::size_t>(count));
    if (size > 1 && in.random.one_in(8)) size = 1 + in.random.below(size);
    std::copy_n(found.begin(), size, events);
    return static_cast<int>(size);
}

}  // namespace
}  // namespace framewire::tests

namespace tests = framewire::tests;
using tests::file_table;
using tests::memory_owner;
using tests::refused;
using tests::world;

extern "C" {

// Setting the clock of the day, at any time, changes no deadline.
int clock_gettime(clockid_t clock, timespec* now) noexcept {
    if (!world::exists()) {
        static auto* const real = tests::real_call<int(clockid_t, timespec*)>("clock_gettime");
        return real(clock, now);
    }
    auto time = world::current().time.now();
    if (clock == CLOCK_REALTIME) time += tests::nanoseconds(world::current().random.next() >> 2U);
    now->tv_sec = std::chrono::floor<std::chrono::seconds>(time).count();
    now->tv_nsec = (time % std::chrono::seconds(1)).count();
    return 0;
}

int close(int descriptor) {
    if (!file_table::knows(descriptor) || !world::exists()) {
        static auto* const real = tests::real_call<int(int)>("close");
        return real(descriptor);
    }
    const tests::allocating_for here(memory_owner::simulation);
    tests::close_file(descriptor);
    return 0;
}

ssize_t read(int descriptor, void* buffer, std::size_t size) {
    if (!file_table::knows(descriptor)) {
        static auto* const real = tests::real_call<ssize_t(int, void*, std::size_t)>("read");
        return real(descriptor, buffer, size);
    }
    const tests::allocating_for here(memory_owner::simulation);
    auto& one = tests::file_at<tests::event_counter>(descriptor, "a counter");
    if (one.count == 0) return refused(EAGAIN);
    std::memcpy(buffer, &one.count, std::min(size, sizeof one.count));
    one.count = 0;
    return sizeof one.count;
}

ssize_t write(int descriptor, const void* buffer, std::size_t size) {
    if (!file_table::knows(descriptor)) {
        static auto* const real =
            tests::real_call<ssize_t(int, const void*, std::size_t)>("write");
        return real(descriptor, buffer, size);
    }
    const tests::allocating_for here(memory_owner::simulation);
    auto& one = tests::file_at<tests::event_counter>(descriptor, "a counter");
    std::uint64_t added = 0;
    std::memcpy(&added, buffer, std::min(size, sizeof added));
    one.count += added;
    return static_cast<ssize_t>(size);
}

int eventfd(unsigned count, int flags) noexcept {
    const tests::allocating_for here(memory_owner::simulation);
    world::current().require(flags == (EFD_CLOEXEC | EFD_NONBLOCK), "eventfd with other flags");
    auto one = std::make_shared<tests::event_counter>();
    one->count = count;
    return tests::opened(std::move(one));
}

int epoll_create1(int flags) noexcept {
    const tests::allocating_for here(memory_owner::simulation);
    world::current().require(flags == EPOLL_CLOEXEC, "epoll_create1 with other flags");
    return tests::opened(std::make_shared<tests::poll_file>());
}

int epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event) noexcept {
    const tests::allocating_for here(memory_owner::simulation);
    return tests::control(epoll, operation, descriptor, event);
}

int epoll_wait(int epoll, epoll_event* events, int count, int timeout) {
    const tests::allocating_for here(memory_owner::simulation);
    return tests::wait_for(epoll, events, count, std::chrono::milliseconds(timeout));
}

int epoll_pwait2(int epoll, epoll_event* events, int count, const timespec* timeout,
                 const sigset_t* /*signals*/) {
    const tests::allocating_for here(memory_owner::simulation);
    auto& in = world::current();
    if (const int error = in.system.fails(tests::weather::wait_unknown)) {
        in.require(++in.unknown_waits < 100, "a call that is not there is made again and again");
        return refused(error);
    }
    return tests::wait_for(
        epoll, events, count,
        std::chrono::seconds(timeout->tv_sec) + std::chrono::nanoseconds(timeout->tv_nsec));
}

int fcntl(int descriptor, int command, ...) {
    va_list rest;
    va_start(rest, command);
    const long argument = va_arg(rest, long);
    va_end(rest);
    if (!file_table::knows(descriptor)) {
        static auto* const real = tests::real_call<int(int, int, ...)>("fcntl");
        return real(descriptor, command, argument);
    }
    const tests::allocating_for here(memory_owner::simulation);
    const auto& in = world::current();
    in.require(command == F_DUPFD_CLOEXEC, "fcntl with a command that is not simulated");
    return tests::opened(in.files.find(descriptor));
}
}
