#include "successor.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/units.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

constexpr int first_inherited = 3;
constexpr const char* ready_variable = "FRAMEWIRE_READY";
// Digits of the largest process number.
constexpr std::string_view no_process = "0000000000";

std::vector<std::string> own_words() {
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    const std::string all(std::istreambuf_iterator<char>(file), {});
    std::vector<std::string> words;
    for (std::size_t at = 0; at < all.size();) {
        const auto end = std::min(all.find('\0', at), all.size());
        words.push_back(all.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

// Not /proc/self/exe: an upgrade has replaced the file that it means.
std::string find_program(const std::string& name) {
    if (name.empty() || name.find('/') != std::string::npos) return name;
    const char* folders = std::getenv("PATH");
    std::string_view rest(folders != nullptr ? folders : "/usr/bin:/bin");
    while (!rest.empty()) {
        const auto end = std::min(rest.find(':'), rest.size());
        auto path = fmt::format("{}/{}", rest.substr(0, end), name);
        if (::access(path.c_str(), X_OK) == 0) return path;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return name;
}

bool is_ours(std::string_view variable) {
    constexpr std::array<std::string_view, 5> ours{
        "LISTEN_FDS=", "LISTEN_PID=", "LISTEN_FDNAMES=", "WATCHDOG_PID=", "FRAMEWIRE_READY="};
    return std::ranges::any_of(ours, [&](auto name) { return variable.starts_with(name); });
}

std::string_view name_of(const adopted_socket& one) {
    if (one.is_kept) return kept_socket_name;
    return one.owns_file ? own_file_name : own_socket_name;
}

// Between fork and exec nothing may allocate: another thread may hold the allocator's lock.
void write_number(char* end, pid_t number, std::size_t digits) noexcept {
    for (; digits > 0; --digits, number /= 10) *--end = static_cast<char>('0' + number % 10);
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    for (auto& one : texts) all.push_back(one.data());
    all.push_back(nullptr);
    return all;
}

/// All that the new process needs, made before the fork.
struct launch {
    std::string path;
    std::vector<std::string> words;
    std::vector<std::string> environment;
    std::vector<int> inherited;  // copies above the numbers that they get
    int ready = -1;

    [[noreturn]] void run() noexcept;
    std::vector<char*> word_pointers{};
    std::vector<char*> environment_pointers{};
    std::vector<char*> process_ends{};
};

void launch::run() noexcept {
    for (char* end : process_ends) write_number(end, ::getpid(), no_process.size());
    int target = first_inherited;
    for (const int one : inherited) {
        if (::dup2(one, target++) < 0) break;
    }
    ::execve(path.c_str(), word_pointers.data(), environment_pointers.data());
    const int error = errno;
    (void)!::write(ready, &error, sizeof error);
    ::_exit(1);
}

}  // namespace

successor::successor() : words_(own_words()) {
    if (!words_.empty()) path_ = find_program(words_.front());
    for (char** one = environ; *one != nullptr; ++one) {
        if (!is_ours(*one)) environment_.emplace_back(*one);
    }
}

void successor::give_up() noexcept {
    if (state_ == state::starting) ::kill(process_, SIGKILL);
    if (waiting_.joinable()) waiting_.join();
}

result<void> successor::start(const std::vector<adopted_socket>& listeners, report then) {
    if (state_ != state::none) {
        return tl::unexpected(failure{state_ == state::serves ? "another process already serves"
                                                              : "another process is starting"});
    }
    if (waiting_.joinable()) waiting_.join();
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        return tl::unexpected(failure{"cannot start a process: " + system_words(errno)});
    }
    launch next{path_, words_, environment_, {}, pipe[1]};
    const int above = first_inherited + static_cast<int>(listeners.size()) + 1;
    std::string names;
    for (const auto& one : listeners) {
        next.inherited.push_back(::fcntl(one.descriptor, F_DUPFD_CLOEXEC, above));
        names += fmt::format("{}{}", names.empty() ? "" : ":", name_of(one));
    }
    next.inherited.push_back(::fcntl(pipe[1], F_DUPFD_CLOEXEC, above));
    next.environment.push_back(fmt::format("LISTEN_FDS={}", listeners.size()));
    next.environment.push_back("LISTEN_FDNAMES=" + names);
    next.environment.push_back(fmt::format("{}={}", ready_variable,
                                           first_inherited + static_cast<int>(listeners.size())));
    for (const auto* name : {"LISTEN_PID=", "WATCHDOG_PID="}) {
        next.environment.push_back(fmt::format("{}{}", name, no_process));
    }
    next.word_pointers = pointers_to(next.words);
    next.environment_pointers = pointers_to(next.environment);
    for (std::size_t i = next.environment.size() - 2; i < next.environment.size(); ++i) {
        next.process_ends.push_back(next.environment[i].data() + next.environment[i].size());
    }
    next.ready = next.inherited.back();
    const pid_t process = ::fork();
    if (process == 0) next.run();
    const int error = errno;
    for (const int one : next.inherited) ::close(one);
    ::close(pipe[1]);
    if (process < 0) {
        ::close(pipe[0]);
        return tl::unexpected(failure{"cannot start a process: " + system_words(error)});
    }
    process_ = process;
    state_ = state::starting;
    waiting_ = std::thread(
        [this, ready = pipe[0], process, then = std::move(then)] { wait(ready, process, then); });
    return {};
}

// One byte: it serves. An `errno`: it could not begin. Nothing: it has ended.
void successor::wait(int ready, pid_t process, const report& then) {
    int error = 0;
    auto size = ::read(ready, &error, sizeof error);
    while (size < 0 && errno == EINTR) size = ::read(ready, &error, sizeof error);
    ::close(ready);
    if (size == 1) {
        state_ = state::serves;
        return then(process);
    }
    int status = 0;
    ::waitpid(process, &status, 0);
    state_ = state::none;
    if (size == sizeof error) {
        return then(tl::unexpected(
            failure{fmt::format("cannot start {}: {}", path_, system_words(error))}));
    }
    then(tl::unexpected(
        failure{WIFEXITED(status) ? fmt::format("it ended with status {}", WEXITSTATUS(status))
                                  : fmt::format("it was ended by signal {}", WTERMSIG(status))}));
}

predecessor predecessor::take() {
    const char* text = std::getenv(ready_variable);
    if (text == nullptr) return predecessor(-1);
    const auto number = parse_number(text);
    ::unsetenv(ready_variable);
    constexpr std::uint64_t most = 1 << 20;
    const int descriptor = number && *number < most ? static_cast<int>(*number) : -1;
    if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) return predecessor(-1);
    return predecessor(descriptor);
}

predecessor::predecessor(predecessor&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

predecessor::~predecessor() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void predecessor::succeed() noexcept {
    if (descriptor_ < 0) return;
    (void)!::write(descriptor_, "R", 1);
    ::close(std::exchange(descriptor_, -1));
}

}  // namespace framewire
