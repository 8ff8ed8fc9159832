#include "raw_socket.hpp"

#include "eventually.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace framewire::tests {
namespace {

using std::chrono::milliseconds;

struct name {
    sockaddr_storage storage{};
    socklen_t size = 0;
    [[nodiscard]] const sockaddr* get() const {
        return reinterpret_cast<const sockaddr*>(&storage);
    }
};

template <class Address>
name name_from(const Address& address) {
    name out;
    std::memcpy(&out.storage, &address, sizeof address);
    out.size = sizeof address;
    return out;
}

name name_of(const endpoint& at) {
    if (at.kind == endpoint::family::local) {
        sockaddr_un un{};
        un.sun_family = AF_UNIX;
        at.host.copy(un.sun_path, sizeof un.sun_path - 1);
        return name_from(un);
    }
    if (at.kind == endpoint::family::ipv6) {
        sockaddr_in6 in6{};
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(at.port);
        ::inet_pton(AF_INET6, at.host.c_str(), &in6.sin6_addr);
        return name_from(in6);
    }
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(at.port);
    ::inet_pton(AF_INET, at.host.c_str(), &in.sin_addr);
    return name_from(in);
}

int system_family(endpoint::family kind) {
    if (kind == endpoint::family::local) return AF_UNIX;
    return kind == endpoint::family::ipv6 ? AF_INET6 : AF_INET;
}

[[noreturn]] void give_up(std::string_view what) {
    throw std::runtime_error(fmt::format("raw socket: {}: {}", what, std::strerror(errno)));
}

bool ready(int descriptor, short what, milliseconds time) {
    pollfd one{.fd = descriptor, .events = what, .revents = 0};
    const auto until = std::chrono::steady_clock::now() + time;
    while (true) {
        const auto left =
            std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
        const int found = ::poll(&one, 1, std::max(0, static_cast<int>(left.count())));
        if (found >= 0) return found > 0;
        if (errno != EINTR) give_up("poll");
    }
}

}  // namespace

std::string digits_frame(std::string_view payload) {
    return fmt::format("{:010}{}", payload.size(), payload);
}

raw_socket::raw_socket(endpoint::family kind, int buffer_bytes)
    : descriptor_(::socket(system_family(kind), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    if (descriptor_ < 0) give_up("socket");
    const int on = 1;
    (void)::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (buffer_bytes == 0) return;
    for (const int side : {SO_SNDBUF, SO_RCVBUF}) {
        (void)::setsockopt(descriptor_, SOL_SOCKET, side, &buffer_bytes, sizeof buffer_bytes);
    }
}

raw_socket::raw_socket(const endpoint& to, int buffer_bytes) : raw_socket(to.kind, buffer_bytes) {
    connect(to);
}

raw_socket::raw_socket(int descriptor) : descriptor_(descriptor) {}

raw_socket::raw_socket(raw_socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), was_reset_(other.was_reset_) {}

raw_socket& raw_socket::operator=(raw_socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(was_reset_, other.was_reset_);
    return *this;
}

raw_socket::~raw_socket() { close(); }

void raw_socket::begin_to_connect(const endpoint& to) {
    const auto at = name_of(to);
    if (::connect(descriptor_, at.get(), at.size) != 0 && errno != EINPROGRESS) give_up("connect");
}

bool raw_socket::connected_within(milliseconds time) {
    if (!ready(descriptor_, POLLOUT, time)) return false;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0;
}

void raw_socket::connect(const endpoint& to) {
    begin_to_connect(to);
    if (!connected_within(test_timeout)) give_up("not connected");
}

void raw_socket::listen(int backlog) {
    const auto at = name_of({"127.0.0.1", 0});
    if (::bind(descriptor_, at.get(), at.size) != 0 || ::listen(descriptor_, backlog) != 0) {
        give_up("listen");
    }
}

raw_socket raw_socket::accept() {
    if (!ready(descriptor_, POLLIN, test_timeout)) give_up("nobody connects");
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    // Not accept4, which tests let fail.
    const int one = ::accept(descriptor_, reinterpret_cast<sockaddr*>(&from), &size);
    if (one < 0) give_up("accept");
    ::fcntl(one, F_SETFL, O_NONBLOCK);
    return raw_socket(one);
}

endpoint raw_socket::local() const {
    sockaddr_in in{};
    socklen_t size = sizeof in;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&in), &size);
    return {"127.0.0.1", ntohs(in.sin_port)};
}

void raw_socket::send(std::string_view data) {
    const auto all = data.size();
    while (!data.empty()) {
        const auto size =
            ::sendto(descriptor_, data.data(), data.size(), MSG_NOSIGNAL, nullptr, 0);
        if (size > 0) {
            data.remove_prefix(static_cast<std::size_t>(size));
        } else if (errno != EAGAIN && errno != EINTR) {
            give_up(fmt::format("sent {} of {} bytes", all - data.size(), all));
        } else if (!ready(descriptor_, POLLOUT, test_timeout)) {
            give_up(fmt::format("stuck after {} of {} bytes", all - data.size(), all));
        }
    }
}

std::size_t raw_socket::send_until_refused(std::string_view data, milliseconds pause) {
    std::size_t sent = 0;
    while (sent < data.size() && ready(descriptor_, POLLOUT, pause)) {
        const auto rest = data.substr(sent);
        const auto size =
            ::sendto(descriptor_, rest.data(), rest.size(), MSG_NOSIGNAL, nullptr, 0);
        if (size < 0 && errno != EAGAIN && errno != EINTR) {
            was_reset_ = errno == ECONNRESET;
            break;
        }
        if (size > 0) sent += static_cast<std::size_t>(size);
    }
    return sent;
}

void raw_socket::send_end() { ::shutdown(descriptor_, SHUT_WR); }

std::string raw_socket::receive(std::size_t size) {
    std::string out;
    std::array<char, 65'536> buffer{};
    while (out.size() < size) {
        if (!ready(descriptor_, POLLIN, test_timeout)) {
            give_up(fmt::format("silence after {} of {} bytes: \"{}\"", out.size(), size,
                                out.substr(0, 200)));
        }
        const auto wanted = std::min(buffer.size(), size - out.size());
        const auto got = ::recvfrom(descriptor_, buffer.data(), wanted, 0, nullptr, nullptr);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got <= 0) {
            if (got == 0) errno = 0;
            give_up(fmt::format("ended after {} of {} bytes: \"{}\"", out.size(), size,
                                out.substr(0, 200)));
        }
        out.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return out;
}

std::string raw_socket::receive_some() {
    std::string out(65'536, '\0');
    while (ready(descriptor_, POLLIN, test_timeout)) {
        const auto got = ::recvfrom(descriptor_, out.data(), out.size(), 0, nullptr, nullptr);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        out.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return out;
    }
    give_up("silence");
}

last_words raw_socket::receive_to_end() {
    last_words out;
    std::array<char, 65'536> buffer{};
    while (ready(descriptor_, POLLIN, test_timeout)) {
        const auto got =
            ::recvfrom(descriptor_, buffer.data(), buffer.size(), 0, nullptr, nullptr);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got <= 0) {
            out.how = got == 0 && !was_reset_ ? ending::eof : ending::reset;
            break;
        }
        out.received.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return out;
}

bool raw_socket::readable_within(milliseconds time) const {
    return ready(descriptor_, POLLIN, time);
}

std::string raw_socket::request(std::string_view payload) {
    const auto framed = digits_frame(payload);
    send(framed);
    return receive(framed.size());
}

void raw_socket::reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    (void)::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

void raw_socket::close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace framewire::tests
