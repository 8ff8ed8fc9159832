#include "http_server.hpp"

#include "io/listening.hpp"
#include "io/sockets.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace framewire {
namespace {

// A browser opens six connections.
constexpr std::size_t peers_max = 64;
// More wait for the next wake-up, so that open connections are served.
constexpr int accepted_at_once_max = 64;
constexpr std::array ends_it{SIGINT, SIGTERM};

}  // namespace

http_server::http_server(std::vector<owned_descriptor> listeners, http_site& site,
                         transport_factory transports)
    : listeners_(std::move(listeners)),
      site_(site),
      transports_(std::move(transports)),
      jobs_(poller_, [this](std::uint64_t number, std::optional<http_response> answer) {
          const auto asked = peers_.find(number);
          if (asked != peers_.end()) asked->second.finish(std::move(answer));
      }) {
    bool waits = poller_.add(inbox_.descriptor(), inbox_, {.readable = true});
    for (const auto& one : listeners_) {
        waits = waits && poller_.add(one.get(), *this, {.readable = true});
    }
    if (!waits) {
        throw std::system_error(errno, std::system_category(), "cannot wait for connections");
    }
}

http_server::~http_server() { inbox_.close(); }

void http_server::stop_on_signals() {
    signals_.emplace(poller_, ends_it, [this] { is_stopped_ = true; });
}

void http_server::stop() noexcept {
    inbox_.post_urgent([this] { is_stopped_ = true; });
}

result<void> http_server::run() {
    while (!is_stopped_ && poller_.broken() == 0) {
        const auto next = next_deadline();
        const auto now = clock::now();
        poller_.wait(next == clock::time_point::max()
                         ? std::chrono::nanoseconds(-1)
                         : std::max(next - now, clock::duration::zero()));
        poller_.dispatch();
        expire(clock::now());
        std::erase_if(peers_, [](const auto& peer) { return peer.second.is_closed(); });
    }
    if (is_stopped_) return {};
    return tl::unexpected(
        failure{"cannot wait for connections: " + system_words(poller_.broken())});
}

void http_server::ready(interest /*found*/) {
    for (const auto& one : listeners_) {
        for (int count = 0; count < accepted_at_once_max && accept_one(one.get()); ++count) {
        }
    }
}

// False if none is waiting.
bool http_server::accept_one(int listener) {
    auto socket = accept_connection(listener).descriptor;
    if (socket.is_open()) {
        if (peers_.size() < peers_max) {
            http_line line(std::move(socket), transports_ ? transports_() : nullptr);
            peers_.try_emplace(opened_, opened_, std::move(line), poller_, site_, jobs_);
            ++opened_;
        }
        return true;
    }
    const auto advice = after_failed_accept(errno);
    if (advice == accept_advice::pause) pause_accepting();
    return advice == accept_advice::retry;
}

void http_server::pause_accepting() noexcept {
    for (const auto& one : listeners_) (void)poller_.change(one.get(), *this, {});
    accepts_again_ = clock::now() + accept_pause;
}

http_server::clock::time_point http_server::next_deadline() const noexcept {
    auto next = accepts_again_;
    for (const auto& [number, peer] : peers_) next = std::min(next, peer.deadline());
    return next;
}

void http_server::expire(clock::time_point now) {
    if (now >= accepts_again_) {
        const bool again = std::ranges::all_of(listeners_, [this](const auto& one) {
            return poller_.change(one.get(), *this, {.readable = true});
        });
        accepts_again_ = again ? clock::time_point::max() : now + accept_pause;
    }
    for (auto& [number, peer] : peers_) {
        if (now >= peer.deadline()) peer.expire();
    }
}

}  // namespace framewire
