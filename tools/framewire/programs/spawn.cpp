#include "spawn.hpp"

#include "framewire/core/error.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire {
namespace {

constexpr std::string_view peer_variable = "FRAMEWIRE_PEER=";
constexpr std::string_view local_variable = "FRAMEWIRE_LOCAL=";
constexpr std::string_view subject_variable = "FRAMEWIRE_SUBJECT=";

// Only what a CA has vouched for: an empty text is nobody.
std::string subject_of(const peer& whom) {
    auto text = std::string(subject_variable);
    if (whom.tls) text += whom.tls->subject;
    return text;
}

tl::unexpected<failure> cannot_start(int error) {
    return tl::unexpected(failure{fmt::format("cannot start a command: {}", system_words(error))});
}

// The declaration in the header of glibc 2.36 is not for C++.
int open_pidfd(pid_t id) noexcept {
    constexpr unsigned flags = 0;
    return static_cast<int>(::syscall(SYS_pidfd_open, id, flags));
}

// The environment of the program, whose texts live as long as this.
class environment {
public:
    explicit environment(const peer& whom)
        : peer_(fmt::format("{}{}", peer_variable, whom.remote.text())),
          local_(fmt::format("{}{}", local_variable, whom.local.text())),
          subject_(subject_of(whom)) {
        for (char** one = environ; *one != nullptr; ++one) {
            const std::string_view text(*one);
            const bool is_ours = text.starts_with(peer_variable) ||
                                 text.starts_with(local_variable) ||
                                 text.starts_with(subject_variable);
            if (!is_ours) all_.push_back(*one);
        }
        for (auto* ours : {peer_.data(), local_.data(), subject_.data()}) all_.push_back(ours);
        all_.push_back(nullptr);
    }

    [[nodiscard]] char* const* data() const noexcept { return all_.data(); }

private:
    std::string peer_;
    std::string local_;
    std::string subject_;
    std::vector<char*> all_;
};

class spawn_actions {
public:
    explicit spawn_actions(standard_streams streams) {
        ::posix_spawn_file_actions_init(&actions_);
        add(::posix_spawn_file_actions_adddup2(&actions_, streams.input, STDIN_FILENO));
        add(::posix_spawn_file_actions_adddup2(&actions_, streams.output, STDOUT_FILENO));
        add(::posix_spawn_file_actions_adddup2(&actions_, streams.errors, STDERR_FILENO));
        // Our descriptors close by themselves; those that we inherited may not.
        add(::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1));
    }
    spawn_actions(const spawn_actions&) = delete;
    spawn_actions& operator=(const spawn_actions&) = delete;
    ~spawn_actions() { ::posix_spawn_file_actions_destroy(&actions_); }

    [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }
    /// Zero if all of them are in it.
    [[nodiscard]] int error() const noexcept { return error_; }

private:
    // The program must not run with streams of ours.
    void add(int error) noexcept {
        if (error_ == 0) error_ = error;
    }

    posix_spawn_file_actions_t actions_{};
    int error_ = 0;
};

class spawn_attributes {
public:
    spawn_attributes() {
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        for (const int ignored : {SIGPIPE, SIGXFSZ, SIGUSR2}) ::sigaddset(&signals, ignored);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    }
    spawn_attributes(const spawn_attributes&) = delete;
    spawn_attributes& operator=(const spawn_attributes&) = delete;
    ~spawn_attributes() { ::posix_spawnattr_destroy(&attributes_); }

    [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

}  // namespace

result<spawned> spawn(const std::string& command, const peer& whom, standard_streams streams) {
    const environment variables(whom);
    const spawn_actions actions(streams);
    if (actions.error() != 0) return cannot_start(actions.error());
    const spawn_attributes attributes;
    std::string shell = "sh";
    std::string option = "-c";
    std::string text = command;
    const std::array<char*, 4> words{shell.data(), option.data(), text.data(), nullptr};
    spawned started;
    const int error = ::posix_spawn(&started.id, "/bin/sh", actions.get(), attributes.get(),
                                    words.data(), variables.data());
    if (error != 0) return cannot_start(error);
    started.exit = owned_descriptor(open_pidfd(started.id));
    if (started.exit.is_open()) return started;
    const int why = errno;
    ::kill(-started.id, SIGKILL);
    ::waitpid(started.id, nullptr, 0);
    return cannot_start(why);
}

}  // namespace framewire
