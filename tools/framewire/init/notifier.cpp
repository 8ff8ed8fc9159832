#include "notifier.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <string>
#include <utility>

namespace framewire {
namespace {

std::optional<std::string> take_variable(const char* name) {
    const char* text = std::getenv(name);
    if (text == nullptr) return {};
    std::string value(text);
    ::unsetenv(name);
    return value;
}

// Connected at once: the path is out of reach in another root. Fails with an `errno`.
tl::expected<int, int> connect_to(const std::string& path) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    if (path.size() >= sizeof at.sun_path || (path.front() != '/' && path.front() != '@')) {
        return tl::unexpected(EINVAL);
    }
    std::memcpy(at.sun_path, path.data(), path.size());
    if (path.front() == '@') at.sun_path[0] = '\0';
    const int made = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (made < 0) return tl::unexpected(errno);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    if (::connect(made, reinterpret_cast<const sockaddr*>(&at), size) == 0) return made;
    const int error = errno;
    ::close(made);
    return tl::unexpected(error);
}

}  // namespace

result<notifier> notifier::take() {
    notifier made;
    const auto path = take_variable("NOTIFY_SOCKET");
    const auto period = take_variable("WATCHDOG_USEC");
    const auto watched = take_variable("WATCHDOG_PID");
    if (!path || path->empty()) return made;
    const auto connected = connect_to(*path);
    if (!connected) {
        return tl::unexpected(
            failure{fmt::format("cannot notify {}: {}", *path, system_words(connected.error()))});
    }
    made.socket_ = *connected;
    if (!period || (watched && *watched != std::to_string(::getpid()))) return made;
    const auto length = parse_number(*period);
    constexpr std::uint64_t longest = 1'000'000'000'000;
    if (!length || *length == 0 || *length > longest) {
        return tl::unexpected(failure{fmt::format("WATCHDOG_USEC={}: not a time", *period)});
    }
    made.watchdog_ = std::chrono::microseconds(*length);
    return made;
}

notifier::notifier(notifier&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), watchdog_(other.watchdog_) {}

notifier::~notifier() {
    if (socket_ >= 0) ::close(socket_);
}

void notifier::ready(std::string_view status) const {
    send(fmt::format("READY=1\nSTATUS={}\n", status));
}

// Later versions of systemd want the time, so that an earlier READY=1 is not taken for the answer.
void notifier::reloading() const {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\n",
                     now.tv_sec * 1'000'000 + now.tv_nsec / 1'000));
}

void notifier::succeeded_by(int process) const { send(fmt::format("MAINPID={}\n", process)); }
void notifier::stopping() const { send("STOPPING=1\nSTATUS=finishing connections\n"); }
void notifier::alive() const { send("WATCHDOG=1\n"); }

// An init system that does not read must not stop the server.
void notifier::send(std::string_view state) const noexcept {
    if (socket_ < 0) return;
    (void)!::send(socket_, state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace framewire
