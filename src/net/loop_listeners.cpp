#include "loop_listeners.hpp"

#include "framewire/core/error.hpp"
#include "io/listening.hpp"
#include "io/sockets.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <algorithm>
#include <cerrno>
#include <utility>

namespace framewire {
namespace {

result<owned_descriptor> duplicate(int listener) {
    const int copy = ::fcntl(listener, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return tl::unexpected(failure{"cannot share the listening socket"});
    return owned_descriptor(copy);
}

// TCP sockets share the port; a local socket can be bound only once, so its loops share the
// socket.
result<owned_descriptor> again(const address& where, int listener) {
    if (where.is_local()) return duplicate(listener);
    // Not by its name, which may resolve differently by now.
    const auto at = local_endpoint(listener);
    const auto host = at.scope_id == 0 ? at.host : fmt::format("{}%{}", at.host, at.scope_id);
    return open_listener({host, at.port, {}}, port_sharing::join).map([](listening_socket one) {
        return std::move(one.descriptor);
    });
}

result<void> open_one(const address& where, loop_listeners& into) {
    const bool shares = into.of_loop.size() > 1 && !where.is_local();
    auto listening = open_listeners(where, shares ? port_sharing::begin : port_sharing::none);
    if (!listening) return tl::unexpected(listening.error());
    into.locals.push_back(local_endpoint(listening->front().descriptor.get()));
    for (auto& one : *listening) {
        into.files.push_back(std::move(one.file));
        for (std::size_t loop = 1; loop < into.of_loop.size(); ++loop) {
            auto next = again(where, one.descriptor.get());
            if (!next) return tl::unexpected(next.error());
            into.of_loop[loop].push_back({std::move(*next)});
        }
        into.of_loop.front().push_back({std::move(one.descriptor)});
    }
    return {};
}

int option_of(int socket, int name) noexcept {
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

result<void> check_adopted(int socket) {
    if (option_of(socket, SO_TYPE) != SOCK_STREAM || option_of(socket, SO_ACCEPTCONN) != 1) {
        return tl::unexpected(
            failure{fmt::format("descriptor {} is not a stream socket that listens", socket),
                    "systemd makes one with ListenStream= and Accept=no"});
    }
    const int flags = ::fcntl(socket, F_GETFL);
    if (::fcntl(socket, F_SETFL, flags | O_NONBLOCK) != 0 ||
        ::fcntl(socket, F_SETFD, FD_CLOEXEC) != 0) {
        return tl::unexpected(
            failure{fmt::format("cannot adopt descriptor {}: {}", socket, system_words(errno))});
    }
    return {};
}

// Those of one place: each loop has one, and where there are fewer, loops share them.
result<void> share(std::vector<loop_listener> sockets, loop_listeners& into) {
    const auto loops = into.of_loop.size();
    for (std::size_t loop = sockets.size(); loop < loops; ++loop) {
        auto copy = duplicate(sockets[loop % sockets.size()].descriptor.get());
        if (!copy) return tl::unexpected(copy.error());
        into.of_loop[loop].push_back({std::move(*copy), sockets.front().is_kept});
    }
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        into.of_loop[i % loops].push_back(std::move(sockets[i]));
    }
    return {};
}

result<void> adopt(std::vector<loop_listener> sockets, loop_listeners& into) {
    while (!sockets.empty()) {
        if (auto fit = check_adopted(sockets.front().descriptor.get()); !fit) return fit;
        const auto at = local_endpoint(sockets.front().descriptor.get());
        const auto others = std::ranges::stable_partition(sockets, [&](const auto& one) {
            return local_endpoint(one.descriptor.get()).text() == at.text();
        });
        std::vector<loop_listener> same(std::make_move_iterator(sockets.begin()),
                                        std::make_move_iterator(others.begin()));
        sockets.erase(sockets.begin(), others.begin());
        for (const auto& one : same) {
            if (auto fit = check_adopted(one.descriptor.get()); !fit) return fit;
        }
        into.locals.push_back(at);
        if (auto shared = share(std::move(same), into); !shared) return shared;
    }
    return {};
}

}  // namespace

result<loop_listeners> listen_at(const listening_places& places, std::size_t loops) {
    std::vector<loop_listener> adopted;
    loop_listeners all;
    for (const auto& one : places.adopted) {
        adopted.push_back({owned_descriptor(one.descriptor), one.is_kept});
        const auto at = local_endpoint(one.descriptor);
        if (one.owns_file) all.files.push_back(socket_file::adopt(at.host));
    }
    all.of_loop.resize(loops);
    for (const auto& one : places.addresses) {
        if (auto opened = open_one(one, all); !opened) return tl::unexpected(opened.error());
    }
    if (auto taken = adopt(std::move(adopted), all); !taken) {
        return tl::unexpected(taken.error());
    }
    if (all.locals.empty()) return tl::unexpected(failure{"no address to listen on"});
    return all;
}

}  // namespace framewire
