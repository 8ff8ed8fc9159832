#include "accept_one.hpp"

#include "io/listening.hpp"
#include "io/sockets.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <utility>
#include <vector>

namespace framewire {
namespace {

// Rounded up, so that it is not woken again and again in the last millisecond.
int milliseconds_until(std::optional<time_point> until) {
    if (!until) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now());
    return static_cast<int>(
        std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

tl::unexpected<failure> cannot_accept(int error) {
    return tl::unexpected(
        failure{fmt::format("cannot accept a connection: {}", system_words(error))});
}

}  // namespace

result<owned_descriptor> accept_one(const address& where, std::optional<time_point> until,
                                    const std::function<void(const std::string& at)>& listening) {
    const auto listeners = open_listeners(where, port_sharing::none);
    if (!listeners) return tl::unexpected(listeners.error());
    std::vector<pollfd> watched;
    for (const auto& one : *listeners) watched.push_back({one.descriptor.get(), POLLIN, 0});
    listening(local_endpoint(watched.front().fd).text());
    while (true) {
        const int found = ::poll(watched.data(), watched.size(), milliseconds_until(until));
        if (found == 0) return owned_descriptor();
        if (found < 0 && errno != EINTR) return cannot_accept(errno);
        for (const auto& one : watched) {
            auto accepted = accept_connection(one.fd);
            if (accepted.descriptor.is_open()) {
                prepare_connection(accepted.descriptor.get());
                return std::move(accepted.descriptor);
            }
            if (after_failed_accept(errno) == accept_advice::pause) return cannot_accept(errno);
        }
    }
}

}  // namespace framewire
