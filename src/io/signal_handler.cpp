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

using signal_set = std::uint64_t;  // a bit for each signal
static_assert(NSIG <= 65);

constexpr signal_set bit_of(int signal) noexcept { return signal_set{1} << (signal - 1); }

struct place {
    std::atomic<signal_set> signals;
    std::atomic<int> descriptor;  // to write to
};

// A handler receives only the signal's number, so these cannot be members.
std::array<place, signal_handler::handlers_max> places;
static_assert(std::atomic<signal_set>::is_always_lock_free);

void on_signal(int signal) {
    const int error = errno;
    constexpr std::uint64_t one = 1;
    for (const auto& place : places) {
        if ((place.signals & bit_of(signal)) != 0) {
            (void)!::write(place.descriptor, &one, sizeof one);
        }
    }
    errno = error;
}

// The actions before the first handler of each signal, and the number of its handlers.
std::mutex changing;
std::array<std::size_t, NSIG> handlers{};
std::array<struct sigaction, NSIG> before{};

void add_handler(int signal) {
    const auto index = static_cast<std::size_t>(signal);
    if (handlers.at(index)++ > 0) return;
    struct sigaction ours {};
    ours.sa_handler = on_signal;
    ours.sa_flags = SA_RESTART;
    ::sigaction(signal, &ours, &before.at(index));
}

void remove_handler(int signal) {
    const auto index = static_cast<std::size_t>(signal);
    if (--handlers.at(index) == 0) ::sigaction(signal, &before.at(index), nullptr);
}

std::size_t take_place(int descriptor, std::span<const int> signals) {
    const std::lock_guard lock(changing);
    auto* const free =
        std::ranges::find_if(places, [](const auto& one) { return one.signals == 0; });
    if (free == places.end()) throw std::length_error("too many servers handle signals");
    free->descriptor = descriptor;
    signal_set all = 0;
    for (const int one : signals) all |= bit_of(one);
    free->signals = all;
    std::ranges::for_each(signals, add_handler);
    return static_cast<std::size_t>(free - places.begin());
}

void release_place(std::size_t index) {
    const std::lock_guard lock(changing);
    const auto signals = places.at(index).signals.load();
    for (int one = 1; one < NSIG; ++one) {
        if ((signals & bit_of(one)) != 0) remove_handler(one);
    }
    places.at(index).signals = 0;
}

}  // namespace

signal_handler::signal_handler(poller& in, std::span<const int> signals, std::function<void()> act)
    : poller_(in), act_(std::move(act)), signalled_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!signalled_.is_open() || !poller_.add(signalled_.get(), *this, {.readable = true})) {
        throw std::system_error(errno, std::system_category(), "cannot wait for signals");
    }
    place_ = take_place(signalled_.get(), signals);
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
