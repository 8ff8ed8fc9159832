#include "connector.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

// A local socket whose backlog is full cannot be waited for.
constexpr std::chrono::milliseconds retry_pause{10};

failure cannot_connect(const address& where, std::string_view why, std::string hint = {}) {
    return {fmt::format("cannot connect to {}: {}", where.text(), why), std::move(hint)};
}

}  // namespace

connector::connector(poller& in, timer_wheel& timers, address where,
                     std::vector<socket_address> candidates, std::chrono::milliseconds timeout,
                     callback then)
    : poller_(in),
      timers_(timers),
      where_(std::move(where)),
      candidates_(std::move(candidates)),
      timeout_(timeout),
      then_(std::move(then)) {}

void connector::start() {
    if (timeout_.count() > 0) until_ = std::chrono::steady_clock::now() + timeout_;
    timers_.arm(*this, until_);
    try_next();
}

// The candidate that is to be tried, or the next one if that fails at once.
void connector::try_next() {
    int error = begin();
    while (error != 0 && error != EAGAIN && ++next_ < candidates_.size()) error = begin();
    if (error == EAGAIN) {
        timers_.arm(*this, std::min(until_, std::chrono::steady_clock::now() + retry_pause));
    } else if (error != 0) {
        fail(error);
    }
}

// Returns 0 if the outcome can be waited for, or an `errno`. Also waits where the socket is
// connected at once, so that there is one way on.
int connector::begin() {
    const auto& at = candidates_.at(next_);
    socket_ =
        owned_descriptor(::socket(at.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket_.is_open()) return errno;
    if (::connect(socket_.get(), at.data(), at.size) != 0 && errno != EINPROGRESS) return errno;
    is_polled_ = poller_.add(socket_.get(), *this, {.writable = true});
    return is_polled_ ? 0 : errno;
}

void connector::ready(interest /*found*/) {
    if (done() || !is_polled_) return;
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    poller_.remove(socket_.get());
    is_polled_ = false;
    if (error == 0) return finish(std::move(socket_));
    if (++next_ == candidates_.size()) return fail(error);
    try_next();
}

time_point connector::on_timer(time_point now) {
    if (now >= until_) {
        finish(tl::unexpected(cannot_connect(where_, "no answer in time")));
        return time_point::max();
    }
    if (!is_polled_) try_next();
    return done() ? time_point::max() : until_;
}

void connector::fail(int error) {
    finish(tl::unexpected(cannot_connect(
        where_, system_words(error),
        error == ECONNREFUSED ? "is the server running, and is this its port?" : "")));
}

void connector::finish(result<owned_descriptor> outcome) {
    stop_waiting();
    std::exchange(then_, nullptr)(std::move(outcome));
}

void connector::stop_waiting() {
    timer_hook::unlink();
    if (std::exchange(is_polled_, false)) poller_.remove(socket_.get());
    socket_.close();
}

}  // namespace framewire
