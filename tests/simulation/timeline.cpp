#include "timeline.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdio>
#include <utility>

namespace framewire::tests {

void timeline::at(nanoseconds when, std::function<void()> what) {
    events_.push({std::max(when, now_), count_++, std::move(what)});
}

std::size_t timeline::run_due() {
    std::size_t count = 0;
    while (!events_.empty() && events_.top().when <= now_) {
        const auto what = events_.top().what;
        events_.pop();
        what();
        ++count;
    }
    return count;
}

void timeline::note(const char* what, std::uint64_t who, std::int64_t detail) noexcept {
    auto& one = noted_.at(noted_count_++ % noted_max);
    one = {now_, what, who, detail};
    if (prints_) std::fputs(line(one).c_str(), stdout);
}

double timeline::seconds(nanoseconds when) noexcept {
    return std::chrono::duration<double>(when).count() - 3600;
}

std::string timeline::line(const noted& one) {
    return fmt::format("{:14.6f} s  {:4}  {} {}\n", seconds(one.when), one.who, one.what,
                       one.detail);
}

std::string timeline::transcript() const {
    std::string text;
    if (prints_) return text;
    for (auto at = noted_count_ - std::min(noted_count_, noted_max); at < noted_count_; ++at) {
        text += line(noted_.at(at % noted_max));
    }
    return text;
}

}  // namespace framewire::tests
