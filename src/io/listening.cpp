#include "listening.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

namespace framewire {
namespace {

failure cannot_listen(const address& where, int error) {
    std::string hint;
    if (error == EADDRINUSE) {
        hint = where.is_local()
                   ? "another server has it"
                   : fmt::format(
                         "\"ss -tanp sport = :{}\" shows what uses it; choose another "
                         "port, or 0 for any free one",
                         where.port);
    }
    if (error == EACCES) {
        hint = where.is_local() ? "its folder must be writable" : "ports below 1024 need root";
    }
    if (error == EPERM && where.has_file_options()) {
        hint = "only root can give files away, or to a group that it is not in";
    }
    if (error == EBUSY) hint = "another program has locked its folder";
    return {fmt::format("cannot listen on {}: {}", where.text(),
                        error == EADDRINUSE ? "address in use" : system_words(error)),
            std::move(hint)};
}

void set_port(socket_address& at, std::uint16_t port) noexcept {
    // The port of both families is at the same place.
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    const auto on_wire = htons(port);
    std::memcpy(reinterpret_cast<char*>(&at.storage) + offsetof(sockaddr_in, sin_port), &on_wire,
                sizeof on_wire);
}

// Without SO_REUSEPORT, as with it another server's port would seem free. It is set once we
// listen: until then nobody shares the port, and afterwards only those that join. Fails with an
// `errno`.
tl::expected<listening_socket, int> listen_at(const address& where, const socket_address& at,
                                              port_sharing sharing, const file_access& access) {
    owned_descriptor made(::socket(at.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!made.is_open()) return tl::unexpected(errno);
    const int descriptor = made.get();
    if (where.is_local()) {
        if (where.is_abstract()) {
            if (::bind(descriptor, at.data(), at.size) != 0 ||
                ::listen(descriptor, backlog_max) != 0) {
                return tl::unexpected(errno);
            }
            return listening_socket{std::move(made)};
        }
        auto file = socket_file::bind(descriptor, where.path, access, at.data(), at.size);
        if (!file) return tl::unexpected(file.error());
        return listening_socket{std::move(made), std::move(*file)};
    }
    set_socket_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
    // Whatever the system's default is.
    if (at.family() == AF_INET6) set_socket_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (sharing == port_sharing::join) set_socket_option(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
    if (::bind(descriptor, at.data(), at.size) != 0 || ::listen(descriptor, backlog_max) != 0) {
        return tl::unexpected(errno);
    }
    if (sharing == port_sharing::begin) set_socket_option(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
    return listening_socket{std::move(made)};
}

// This machine has no such address, or one of the two protocols is switched off.
bool is_absent(int error) noexcept { return error == EADDRNOTAVAIL || error == EAFNOSUPPORT; }

// Fails with the `errno` of an address that this machine has.
tl::expected<std::vector<listening_socket>, int> listen_at_all(
    const address& where, std::span<const socket_address> endpoints, port_sharing sharing,
    std::size_t sockets_max, const file_access& access) {
    std::vector<listening_socket> all;
    int absent = 0;
    for (auto at : endpoints) {
        if (all.size() == sockets_max) break;
        if (!all.empty()) set_port(at, local_endpoint(all.front().descriptor.get()).port);
        auto one = listen_at(where, at, sharing, access);
        if (one) {
            all.push_back(std::move(*one));
        } else if (is_absent(one.error())) {
            absent = one.error();
        } else {
            return tl::unexpected(one.error());
        }
    }
    if (all.empty()) return tl::unexpected(absent);
    return all;
}

result<std::vector<listening_socket>> open_some(const address& where, port_sharing sharing,
                                                std::size_t sockets_max) {
    const auto endpoints = resolve(where, true);
    if (!endpoints) return tl::unexpected(endpoints.error());
    const auto access = file_access::of(where);
    if (!access) return tl::unexpected(access.error());
    // The port that the system chose for one address may be taken at the next.
    int attempts_left = where.port == 0 && endpoints->size() > 1 ? 16 : 1;
    for (;;) {
        auto all = listen_at_all(where, *endpoints, sharing, sockets_max, *access);
        if (all) return std::move(*all);
        if (all.error() != EADDRINUSE || --attempts_left == 0) {
            return tl::unexpected(cannot_listen(where, all.error()));
        }
    }
}

}  // namespace

// With `*`, the IPv6 socket takes IPv4 connections, too.
result<std::vector<listening_socket>> open_listeners(const address& where, port_sharing sharing) {
    constexpr auto all = std::numeric_limits<std::size_t>::max();
    return open_some(where, sharing, where.is_every() ? 1 : all);
}

result<listening_socket> open_listener(const address& where, port_sharing sharing) {
    return open_some(where, sharing, 1).map([](std::vector<listening_socket> one) {
        return std::move(one.front());
    });
}

connected_socket accept_connection(int listener) noexcept {
    connected_socket found;
    found.remote.size = sizeof found.remote.storage;
    found.descriptor =
        owned_descriptor(::accept4(listener, reinterpret_cast<sockaddr*>(&found.remote.storage),
                                   &found.remote.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    return found;
}

accept_advice after_failed_accept(int error) noexcept {
    switch (error) {
        case EINTR:
        case ECONNABORTED:
        case EPROTO: return accept_advice::retry;
        case EAGAIN: return accept_advice::wait;
        default: return accept_advice::pause;
    }
}

}  // namespace framewire
