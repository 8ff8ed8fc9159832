// simulate [FIRST [COUNT]]: runs the worlds of so many seeds. The first violation is printed, with
// its seed and what happened before it.
// simulate --trace SEED: one world, and all that happens in it.

#include "scenario.hpp"

#include <sys/time.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <system_error>

namespace {

volatile std::uint64_t running = 0;

// Whatever ends the program says whose fault it was.
void on_signal(int signal) {
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "seed %llu: signal %d\n",
                                   static_cast<unsigned long long>(running), signal);
    (void)!::write(STDOUT_FILENO, text.data(), static_cast<std::size_t>(size));
    ::_exit(1);
}

bool number(std::string_view text, std::uint64_t& to) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), to);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

void run(std::uint64_t seed, bool prints = false) {
    running = seed;
    // A turn that never ends is noticed, however little of a processor this program gets.
    constexpr itimerval longest{.it_interval = {}, .it_value = {.tv_sec = 20, .tv_usec = 0}};
    ::setitimer(ITIMER_VIRTUAL, &longest, nullptr);
    framewire::tests::scenario one(seed);
    if (prints) one.print_all();
    one.run();
}

}  // namespace

int main(int count, char** arguments) {
    std::uint64_t first = 1;
    std::uint64_t worlds = 1'000;
    const bool traces = count == 3 && std::string_view(arguments[1]) == "--trace";
    if (traces) {
        arguments[1] = arguments[2];
        count = 2;
        worlds = 1;
    }
    if ((count > 1 && !number(arguments[1], first)) ||
        (count > 2 && !number(arguments[2], worlds)) || count > 3) {
        std::fputs("usage: simulate [FIRST [COUNT]], or simulate --trace SEED\n", stderr);
        return 2;
    }
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGVTALRM}) {
        std::signal(signal, on_signal);
    }
    run(0);  // allocates what is allocated once in a program
    for (auto seed = first; seed < first + worlds; ++seed) run(seed, traces);
    std::printf("%llu worlds, from seed %llu: no violation\n",
                static_cast<unsigned long long>(worlds), static_cast<unsigned long long>(first));
    return 0;
}
