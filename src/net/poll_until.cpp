#include "poll_until.hpp"

#include <algorithm>

namespace framewire {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Rounded up, so that when nothing is ready, `until` has passed.
int poll_timeout(steady_clock::time_point until) noexcept {
    constexpr milliseconds longest(1'000'000'000);  // far beyond any deadline, and still an int
    if (until == steady_clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    return static_cast<int>(std::clamp(left, milliseconds(0), longest).count());
}

}  // namespace

void poll_until(std::span<pollfd> all, steady_clock::time_point until) noexcept {
    if (::poll(all.data(), all.size(), poll_timeout(until)) >= 0) return;
    for (auto& one : all) one.revents = 0;
}

}  // namespace framewire
