#include "connect_to.hpp"

#include "poll_until.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <algorithm>
#include <cerrno>

namespace framewire {
namespace {

using clock = std::chrono::steady_clock;

// Returned instead of an `errno`.
constexpr int no_answer = -1;

// A local socket whose backlog is full cannot be waited for.
constexpr std::chrono::milliseconds retry_pause{10};

int error_of_connecting(int descriptor, clock::time_point until) noexcept {
    pollfd connecting{descriptor, POLLOUT, 0};
    while (connecting.revents == 0) {
        if (clock::now() >= until) return no_answer;
        poll_until({&connecting, 1}, until);
    }
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

// Returns 0, `no_answer` or an `errno`.
int connect_to(const socket_address& at, clock::time_point until,
               owned_descriptor& socket) noexcept {
    socket =
        owned_descriptor(::socket(at.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) return errno;
    while (::connect(socket.get(), at.data(), at.size) != 0) {
        if (errno == EINPROGRESS) return error_of_connecting(socket.get(), until);
        if (errno != EAGAIN) return errno;
        if (clock::now() >= until) return no_answer;
        poll_until({}, std::min(until, clock::now() + retry_pause));
    }
    return 0;
}

}  // namespace

result<owned_descriptor> connect_to(const address& where, std::chrono::milliseconds timeout) {
    const auto candidates = resolve(where, false);
    if (!candidates) return tl::unexpected(candidates.error());
    const auto until = timeout.count() == 0 ? clock::time_point::max() : clock::now() + timeout;
    owned_descriptor socket;
    int error = no_answer;
    for (const auto& at : *candidates) {
        error = connect_to(at, until, socket);
        if (error == 0) return socket;
        if (error == no_answer) break;
    }
    return tl::unexpected(
        failure{fmt::format("cannot connect to {}: {}", where.text(),
                            error == no_answer ? "no answer in time" : system_words(error)),
                error == ECONNREFUSED ? "is the server running, and is this its port?" : ""});
}

}  // namespace framewire
