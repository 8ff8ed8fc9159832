#include "world.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>

namespace framewire::tests {
namespace {

// The system calls of the program have no other way to it.
constinit world* the_world = nullptr;

constexpr std::size_t idle_turns_max = 5'000;

}  // namespace

void simulated_network::forget(const listening_file& one) {
    std::erase_if(listeners_, [&](const auto& other) { return other.get() == &one; });
}

bool simulated_network::is_taken(std::uint16_t port) const noexcept {
    return std::ranges::any_of(listeners_, [&](const auto& one) { return one->port == port; });
}

std::shared_ptr<link> simulated_network::connect(std::uint16_t port, nanoseconds latency) {
    std::vector<listening_file*> able;
    for (const auto& one : listeners_) {
        if (one->port == port) able.push_back(one.get());
    }
    if (able.empty()) return nullptr;
    auto& random = world_.random;
    auto sent_max = random.one_of<std::size_t>({700, 16'384, 65'536, 1 << 20});
    if (random.one_in(12)) sent_max = 1;
    // A byte at a time is faster than the least rate only on a short way.
    if (sent_max == 1) latency = std::min(latency, nanoseconds(100'000));
    const auto arrived_max = random.one_of<std::size_t>({1'000, 16'384, 65'536, 1 << 20});
    auto one = std::make_shared<link>(world_, links_.size() + 1, latency, sent_max, arrived_max);
    links_.push_back(one);
    able[random.below(able.size())]->backlog.push_back(one);
    world_.time.note("connects", one->number());
    return one;
}

world::world(std::uint64_t its_seed)
    : seed(its_seed),
      random(its_seed),
      system(random),
      late_turns_(random.one_of<std::size_t>({0, 0, 30, 4})) {
    the_world = this;
}

world::~world() { the_world = nullptr; }

bool world::exists() noexcept { return the_world != nullptr; }
world& world::current() noexcept { return *the_world; }

void world::run() {
    while (true) {
        if (time.run_due() > 0) progress();
        if (late_turns_ > 0 && random.one_in(late_turns_)) {
            time.pass(nanoseconds(random.below(2'000'000)));
        }
        ++turn_;
        const auto began = time.now();
        if (threads.run_one(random, began)) {
            time.pass(std::chrono::microseconds(1));
            longest_turn_ = std::max(longest_turn_, time.now() - began);
            if (++idle_turns_ > idle_turns_max) violated("a thread spins");
            continue;
        }
        const auto next = std::min(time.next(), threads.next());
        if (next == nanoseconds::max()) return;
        time.pass_until(next);
        progress();
    }
}

void world::violated(std::string_view what) const {
    const auto text = fmt::format("{}{:14.6f} s: violation\nseed {} ({}): {}\n", time.transcript(),
                                  time.seconds(), seed, title, what);
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
    ::_exit(1);
}

}  // namespace framewire::tests
