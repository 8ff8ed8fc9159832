#include "signal_handler.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace framewire {
namespace {

// The descriptors to write to, each plus one; zero for none. A handler receives only the signal's
// number, so this cannot be a member.
std::array<std::atomic<int>, signal_handler::handlers_max> wake_descriptors;
static_assert(std::atomic<int>::is_always_lock_free);

void on_signal(int /*signal*/) {
    const int error = errno;
    constexpr std::uint64_t one = 1;
    for (const auto& place : wake_descriptors) {
        if (const int descriptor = place - 1; descriptor >= 0) {
            (void)!::write(descriptor, &one, sizeof one);
        }
    }
    errno = error;
}

// The actions before the first handler, and the number of handlers.
std::mutex changing;
std::size_t handlers = 0;
struct sigaction interrupt_before {};
struct sigaction terminate_before {};

std::size_t take_place(int descriptor) {
    const std::lock_guard lock(changing);
    auto* const free =
        std::ranges::find_if(wake_descriptors, [](const auto& one) { return one == 0; });
    if (free == wake_descriptors.end())
        throw std::length_error("too many servers stop on signals");
    *free = descriptor + 1;
    if (handlers++ == 0) {
        struct sigaction ours {};
        ours.sa_handler = on_signal;
        ours.sa_flags = SA_RESTART;
        ::sigaction(SIGINT, &ours, &interrupt_before);
        ::sigaction(SIGTERM, &ours, &terminate_before);
    }
    return static_cast<std::size_t>(free - wake_descriptors.begin());
}

void release_place(std::size_t place) {
    const std::lock_guard lock(changing);
    if (--handlers == 0) {
        ::sigaction(SIGINT, &interrupt_before, nullptr);
        ::sigaction(SIGTERM, &terminate_before, nullptr);
    }
    wake_descriptors.at(place) = 0;
}

}  // namespace

signal_handler::signal_handler(poller& in, std::function<void()> act)
    : poller_(in), act_(std::move(act)), signalled_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!poller_.add(signalled_.get(), *this, {.readable = true})) {
        throw std::system_error(errno, std::system_category(), "cannot wait for signals");
    }
    place_ = take_place(signalled_.get());
}

signal_handler::~signal_handler() {
    release_place(place_);
    poller_.remove(signalled_.get());
}

void signal_handler::ready(interest /*found*/) {
    std::uint64_t count = 0;
    (void)!::read(signalled_.get(), &count, sizeof count);
    for (; count > 0; --count) act_();
}

}  // namespace framewire
