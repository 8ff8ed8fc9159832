#include "sockets.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

namespace framewire {
namespace {

void set_option(int descriptor, int level, int name, int value) noexcept {
    // Local sockets refuse these options, and need none.
    (void)::setsockopt(descriptor, level, name, &value, sizeof value);
}

failure cannot_listen(const address& where, int error) {
    std::string hint;
    if (error == EADDRINUSE) {
        hint = where.is_local() ? "something else has this path"
                                : "another server has it; choose another port, or 0 for any";
    }
    if (error == EACCES) {
        hint = where.is_local() ? "its folder must be writable" : "ports below 1024 are for root";
    }
    if (error == EBUSY) hint = "another program holds a lock on its folder";
    return {fmt::format("cannot listen on {}: {}", where.text(),
                        error == EADDRINUSE ? "address in use" : system_words(error)),
            std::move(hint)};
}

endpoint to_endpoint(const sockaddr_storage& storage, socklen_t size) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    endpoint out;
    if (storage.ss_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &storage, sizeof in);
        ::inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
        out = {text.data(), ntohs(in.sin_port), endpoint::family::ipv4};
    } else if (storage.ss_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &storage, sizeof in);
        ::inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
        out = {text.data(), ntohs(in.sin6_port), endpoint::family::ipv6, in.sin6_scope_id};
    } else {
        sockaddr_un un{};
        std::memcpy(&un, &storage, std::min<std::size_t>(size, sizeof un - 1));
        out.kind = endpoint::family::local;
        if (size > offsetof(sockaddr_un, sun_path)) out.host = un.sun_path;
    }
    return out;
}

result<std::vector<socket_address>> local_address(const address& where) {
    sockaddr_un un{.sun_family = AF_UNIX, .sun_path = {}};
    if (where.path.size() >= sizeof un.sun_path) {
        return tl::unexpected(failure{fmt::format("{}: the path is too long", where.text())});
    }
    where.path.copy(un.sun_path, where.path.size());
    socket_address at;
    std::memcpy(&at.storage, &un, sizeof un);
    at.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + where.path.size() + 1);
    return std::vector{at};
}

template <class Name>
endpoint name_of(int descriptor, Name name) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (name(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
    return to_endpoint(storage, size);
}

}  // namespace

result<std::vector<socket_address>> resolve(const address& where, bool to_listen) {
    if (where.mode && !to_listen) {
        return tl::unexpected(failure{fmt::format("{}: a mode is for servers", where.text())});
    }
    if (where.is_local()) return local_address(where);
    addrinfo wanted{};
    wanted.ai_flags = AI_NUMERICSERV | (to_listen ? AI_PASSIVE : AI_ADDRCONFIG);
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_protocol = IPPROTO_TCP;
    const auto* any_host = to_listen ? "0.0.0.0" : "127.0.0.1";
    addrinfo* found = nullptr;
    if (::getaddrinfo(where.host.empty() ? any_host : where.host.c_str(),
                      std::to_string(where.port).c_str(), &wanted, &found) != 0) {
        return tl::unexpected(failure{fmt::format("unknown host '{}'", where.host),
                                      "check the spelling, or use a numeric address"});
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    std::vector<socket_address> all;
    for (; found != nullptr; found = found->ai_next) {
        std::memcpy(&all.emplace_back().storage, found->ai_addr, found->ai_addrlen);
        all.back().size = found->ai_addrlen;
    }
    return all;
}

// Without SO_REUSEPORT, as with it another server's port would seem free. It is set once we
// listen: until then nobody shares the port, and afterwards only those that join.
result<listening_socket> open_listener(const address& where, port_sharing sharing) {
    const auto endpoints = resolve(where, true);
    if (!endpoints) return tl::unexpected(endpoints.error());
    const auto& at = endpoints->front();
    owned_descriptor made(::socket(at.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!made.is_open()) return tl::unexpected(cannot_listen(where, errno));
    const int descriptor = made.get();
    if (where.is_local()) {
        auto file = socket_file::bind(descriptor, where.path, where.mode, at.data(), at.size);
        if (!file) return tl::unexpected(cannot_listen(where, file.error()));
        return listening_socket{std::move(made), std::move(*file)};
    }
    set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
    if (sharing == port_sharing::join) set_option(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
    if (::bind(descriptor, at.data(), at.size) != 0 || ::listen(descriptor, backlog_max) != 0) {
        return tl::unexpected(cannot_listen(where, errno));
    }
    if (sharing == port_sharing::begin) set_option(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
    return listening_socket{std::move(made)};
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

// With TCP_USER_TIMEOUT set, it decides how long keep-alive continues, not TCP_KEEPCNT. It also
// ends a connection that is not read from, so it must not come before the write deadline.
void prepare_connection(int descriptor, std::chrono::milliseconds write_deadline) noexcept {
    constexpr std::chrono::milliseconds least = vanished_after;
    constexpr std::chrono::milliseconds most(std::numeric_limits<int>::max());
    const auto timeout =
        write_deadline.count() == 0 ? write_deadline : std::clamp(write_deadline, least, most);
    set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(descriptor, SOL_SOCKET, SO_OOBINLINE, 1);
    // 30 s of silence, then three probes ten seconds apart.
    set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 30);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 10);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 3);
    set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(timeout.count()));
}

// The kernel widens the window by what is read within a round trip, which a connection that begins
// slowly may keep small for good. A low-water mark widens it at once (tcp_set_rcvlowat), and
// leaves it to the kernel to widen it further, as SO_RCVBUF would not. The mark itself is taken
// back.
void widen_receive_window(int descriptor) noexcept {
    constexpr int window_bytes = 512 * 1024;
    set_option(descriptor, SOL_SOCKET, SO_RCVLOWAT, window_bytes);
    set_option(descriptor, SOL_SOCKET, SO_RCVLOWAT, 1);
}

void reset_on_close(int descriptor) noexcept {
    const linger now{.l_onoff = 1, .l_linger = 0};
    (void)::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

endpoint local_endpoint(int descriptor) { return name_of(descriptor, ::getsockname); }

endpoint remote_endpoint(int descriptor) { return name_of(descriptor, ::getpeername); }

endpoint endpoint_of(const socket_address& at) { return to_endpoint(at.storage, at.size); }

std::ptrdiff_t receive_some(int descriptor, std::span<char> buffer) noexcept {
    return ::recv(descriptor, buffer.data(), buffer.size(), 0);
}

std::ptrdiff_t send_some(int descriptor, bytes data) noexcept {
    return ::send(descriptor, data.data(), data.size(), MSG_NOSIGNAL);
}

wire_error from_system(int error, std::uint64_t offset) {
    if (error == ECONNRESET || error == EPIPE) return {errc::io_reset, offset, ""};
    return {errc::io_failed, offset, system_words(error)};
}

bool is_transient(int error) noexcept { return error == EAGAIN || error == EINTR; }

}  // namespace framewire
