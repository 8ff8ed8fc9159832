#include "sockets.hpp"

#include "framewire/core/quote.hpp"

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

// An IPv4 peer of a socket for both has an IPv6 address (RFC 4291, section 2.5.5.2).
bool is_mapped(const in6_addr& host) noexcept { return IN6_IS_ADDR_V4MAPPED(&host) != 0; }

// Peers choose it, too, and it is printed.
std::string name_of_local(const sockaddr_un& un, socklen_t size) {
    constexpr std::size_t before = offsetof(sockaddr_un, sun_path);
    if (size <= before) return {};
    std::string name;
    const bool is_abstract = un.sun_path[0] == '\0' && size > before + 1;
    if (is_abstract) name = "@";
    const bytes shown = is_abstract ? bytes(un.sun_path + 1, size - before - 1) : un.sun_path;
    append_escaped(shown, '\0', name);
    return name;
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
        if (is_mapped(in.sin6_addr)) {
            ::inet_ntop(AF_INET, &in.sin6_addr.s6_addr[12], text.data(), text.size());
            return {text.data(), ntohs(in.sin6_port), endpoint::family::ipv4};
        }
        ::inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
        out = {text.data(), ntohs(in.sin6_port), endpoint::family::ipv6, in.sin6_scope_id};
    } else {
        sockaddr_un un{};
        std::memcpy(&un, &storage, std::min<std::size_t>(size, sizeof un - 1));
        out.kind = endpoint::family::local;
        out.host = name_of_local(un, size);
    }
    return out;
}

result<std::vector<socket_address>> local_address(const address& where) {
    sockaddr_un un{.sun_family = AF_UNIX, .sun_path = {}};
    if (where.path.size() >= sizeof un.sun_path) {
        return tl::unexpected(failure{fmt::format("{}: the path is too long", where.text())});
    }
    where.path.copy(un.sun_path, where.path.size());
    // A path ends with a zero, and an abstract name begins with one (unix(7)).
    if (where.is_abstract()) un.sun_path[0] = '\0';
    const std::size_t end = where.is_abstract() ? 0 : 1;
    socket_address at;
    std::memcpy(&at.storage, &un, sizeof un);
    at.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + where.path.size() + end);
    return std::vector{at};
}

// Of this machine, the first that most servers are bound to.
std::vector<const char*> hosts_of(const address& where) {
    if (where.host.empty()) return {"127.0.0.1", "::1"};
    if (where.is_every()) return {"::", "0.0.0.0"};
    return {where.host.c_str()};
}

// A name may stand twice in the system's table of hosts.
void add_once(std::vector<socket_address>& all, const addrinfo& found) {
    socket_address one;
    std::memcpy(&one.storage, found.ai_addr, found.ai_addrlen);
    one.size = found.ai_addrlen;
    const bool is_known = std::ranges::any_of(all, [&](const socket_address& other) {
        return other.size == one.size && std::memcmp(&other.storage, &one.storage, one.size) == 0;
    });
    if (!is_known) all.push_back(one);
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
    if (where.has_file_options() && !to_listen) {
        return tl::unexpected(
            failure{fmt::format("{}: only a server can set mode, owner or group", where.text())});
    }
    if (where.is_local()) return local_address(where);
    addrinfo wanted{};
    wanted.ai_flags = AI_NUMERICSERV | (to_listen ? AI_PASSIVE : AI_ADDRCONFIG);
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_protocol = IPPROTO_TCP;
    if (where.host.empty()) wanted.ai_flags = AI_NUMERICSERV | AI_NUMERICHOST;
    if (where.is_every() && !to_listen) {
        return tl::unexpected(
            failure{fmt::format("{}: every address is for servers", where.text()),
                    "HOST:PORT, or :PORT for this machine"});
    }
    std::vector<socket_address> all;
    for (const auto* host : hosts_of(where)) {
        addrinfo* found = nullptr;
        if (::getaddrinfo(host, std::to_string(where.port).c_str(), &wanted, &found) != 0) {
            return tl::unexpected(failure{fmt::format("unknown host '{}'", where.host),
                                          "check the spelling, or use a numeric address"});
        }
        const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
        for (; found != nullptr; found = found->ai_next) add_once(all, *found);
    }
    return all;
}

void set_socket_option(int descriptor, int level, int name, int value) noexcept {
    (void)::setsockopt(descriptor, level, name, &value, sizeof value);
}

// With TCP_USER_TIMEOUT set, it decides how long keep-alive continues, not TCP_KEEPCNT. It also
// ends a connection that is not read from, so it must not come before the write deadline.
void prepare_connection(int descriptor, std::chrono::milliseconds write_deadline) noexcept {
    constexpr std::chrono::milliseconds least = vanished_after;
    constexpr std::chrono::milliseconds most(std::numeric_limits<int>::max());
    const auto timeout =
        write_deadline.count() == 0 ? write_deadline : std::clamp(write_deadline, least, most);
    set_socket_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    set_socket_option(descriptor, SOL_SOCKET, SO_OOBINLINE, 1);
    // 30 s of silence, then three probes ten seconds apart.
    set_socket_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_socket_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 30);
    set_socket_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 10);
    set_socket_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 3);
    set_socket_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT,
                      static_cast<int>(timeout.count()));
}

// The kernel widens the window by what is read within a round trip, which a connection that begins
// slowly may keep small for good. A low-water mark widens it at once (tcp_set_rcvlowat), and
// leaves it to the kernel to widen it further, as SO_RCVBUF would not. The mark itself is taken
// back.
void widen_receive_window(int descriptor) noexcept {
    constexpr int window_bytes = 512 * 1024;
    set_socket_option(descriptor, SOL_SOCKET, SO_RCVLOWAT, window_bytes);
    set_socket_option(descriptor, SOL_SOCKET, SO_RCVLOWAT, 1);
}

void reset_on_close(int descriptor) noexcept {
    const linger now{.l_onoff = 1, .l_linger = 0};
    (void)::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

endpoint local_endpoint(int descriptor) { return name_of(descriptor, ::getsockname); }

endpoint remote_endpoint(int descriptor) { return name_of(descriptor, ::getpeername); }

endpoint endpoint_of(const socket_address& at) { return to_endpoint(at.storage, at.size); }

std::optional<peer_credentials> credentials_of(int descriptor) noexcept {
    int family = 0;
    socklen_t size = sizeof family;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &size) != 0) return {};
    if (family != AF_UNIX) return {};
    ucred found{};
    size = sizeof found;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &found, &size) != 0) return {};
    return peer_credentials{found.uid, found.gid, found.pid};
}

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
