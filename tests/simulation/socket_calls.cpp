// The system calls of sockets, as the simulated program finds them.

#include "memory.hpp"
#include "simulated_call.hpp"
#include "world.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <cerrno>
#include <cstring>
#include <memory>

namespace framewire::tests {
namespace {

constexpr std::size_t accepts_max = 64;
// A pause, a tick of the deadlines, and what the others need.
constexpr std::chrono::milliseconds accept_delay(50 + 50 + 200);
constexpr std::size_t discarded_max = 64 * 1024;
constexpr std::uint16_t first_port = 10'000;

// Each peer has an address of its own, from which the checks know its connection.
sockaddr_in address_of(const link& one) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(first_port);
    in.sin_addr.s_addr = htonl(0x0a000000U + static_cast<std::uint32_t>(one.number()));
    return in;
}

sockaddr_in address_of(std::uint16_t port) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return in;
}

void give(const sockaddr_in& in, sockaddr* to, socklen_t* size) {
    if (to == nullptr) return;
    std::memcpy(to, &in, std::min<std::size_t>(*size, sizeof in));
    *size = sizeof in;
}

int accept_from(listening_file& listener, sockaddr* from, socklen_t* size) {
    auto& in = world::current();
    if (const int error = in.system.fails(weather::accept_retried)) return refused(error);
    if (const int error = in.stopping ? 0 : in.system.fails(weather::accept_paused)) {
        listener.refused_at = in.time.now();
        return refused(error);
    }
    if (listener.backlog.empty()) return refused(EAGAIN);
    auto file = std::make_shared<stream_file>();
    file->connection = listener.backlog.front();
    const int descriptor = in.files.open(file);
    if (descriptor < 0) {
        listener.refused_at = in.time.now();
        return refused(-descriptor);
    }
    const auto waits_since = std::max(listener.refused_at, file->connection->began());
    in.require(in.time.now() - waits_since <= accept_delay + 3 * in.threads.lateness(),
               "a connection waits in the backlog for too long");
    listener.backlog.pop_front();
    auto& one = *file->connection;
    one.kept.accepted = in.time.now();
    give(address_of(one), from, size);
    in.time.note("is accepted", one.number(), descriptor);
    in.progress();
    if (listener.accepted_in != in.turn()) listener.accepts = 0;
    listener.accepted_in = in.turn();
    in.require(in.stopping || ++listener.accepts <= accepts_max,
               "more connections are accepted in a turn than there may be");
    return descriptor;
}

void note_moved(const link& one, const char* what, ssize_t size) {
    auto& in = world::current();
    in.time.note(what, one.number(), size);
    if (size <= 0) return;
    in.progress();
    in.spend(nanoseconds(size));
}

void note_moved(std::vector<link::moved>& all, ssize_t size) {
    all.push_back({world::current().time.now(),
                   link::account::total(all) + static_cast<std::uint64_t>(size)});
}

ssize_t receive(stream_file& from, char* buffer, std::size_t size) {
    auto& in = world::current();
    auto& one = *from.connection;
    // A draining connection ends when nothing is left to read.
    if (const int error = in.stopping ? 0 : in.system.fails(weather::receive_again)) {
        return refused(error);
    }
    if (const int error = in.system.fails(weather::receive_fails)) {
        one.kept.spoiled = true;
        in.time.note("cannot be received from", one.number(), error);
        return refused(error);
    }
    const auto taken = one.read(from.side, buffer, in.system.shortened(size));
    note_moved(one, "is received from", taken);
    if (from.side == link::ours && taken > 0) {
        note_moved(one.kept.received, taken);
        if (one.is_shut(link::ours)) {
            // The last of many reads may be as large as the buffer.
            one.kept.discarded += static_cast<std::uint64_t>(taken);
            in.require(one.kept.discarded <= discarded_max + size,
                       "more is discarded after our end than may be");
        }
    }
    return taken < 0 ? refused(static_cast<int>(-taken)) : taken;
}

ssize_t send_to(stream_file& to, std::string_view data) {
    auto& in = world::current();
    auto& one = *to.connection;
    if (const int error = in.system.fails(weather::send_again)) return refused(error);
    if (const int error = in.system.fails(weather::send_fails)) {
        one.kept.spoiled = true;
        in.time.note("cannot be sent to", one.number(), error);
        return refused(error);
    }
    const auto taken = one.write(to.side, data.substr(0, in.system.shortened(data.size())));
    note_moved(one, "is sent to", taken);
    if (to.side == link::ours && taken > 0) {
        note_moved(one.kept.sent, taken);
    }
    return taken < 0 ? refused(static_cast<int>(-taken)) : taken;
}

stream_file& stream_at(int descriptor) { return file_at<stream_file>(descriptor, "a socket"); }

bool listens(int descriptor) {
    const auto file = world::current().files.find(descriptor);
    return dynamic_cast<const listening_file*>(file.get()) != nullptr;
}

}  // namespace
}  // namespace framewire::tests

namespace tests = framewire::tests;
using tests::file_table;
using tests::memory_owner;
using tests::refused;
using tests::world;

// The program's own definitions take precedence over those of the C library.
extern "C" {

int socket(int family, int type, int protocol) noexcept {
    if (!world::exists()) {
        static auto* const real = tests::real_call<int(int, int, int)>("socket");
        return real(family, type, protocol);
    }
    const tests::allocating_for here(memory_owner::simulation);
    const int opened = world::current().files.open(std::make_shared<tests::stream_file>());
    return opened < 0 ? refused(-opened) : opened;
}

int bind(int descriptor, const sockaddr* to, socklen_t size) noexcept {
    const tests::allocating_for here(memory_owner::simulation);
    sockaddr_in in{};
    std::memcpy(&in, to, std::min<std::size_t>(size, sizeof in));
    auto& file = tests::stream_at(descriptor);
    file.port = in.sin_port == 0 ? 7000 : ntohs(in.sin_port);
    if (!file.shares_port && world::current().network.is_taken(file.port)) {
        return refused(EADDRINUSE);
    }
    return 0;
}

int listen(int descriptor, int /*backlog*/) noexcept {
    const tests::allocating_for here(memory_owner::simulation);
    auto& in = world::current();
    auto one = std::make_shared<tests::listening_file>(tests::stream_at(descriptor).port);
    in.network.listen(one);
    in.files.replace(descriptor, one);
    return 0;
}

int connect(int descriptor, const sockaddr* to, socklen_t size) {
    const tests::allocating_for here(memory_owner::simulation);
    auto& in = world::current();
    auto& file = tests::stream_at(descriptor);
    sockaddr_in where{};
    std::memcpy(&where, to, std::min<std::size_t>(size, sizeof where));
    const tests::nanoseconds latency(1'000 + in.random.below(1'000'000));
    file.side = tests::link::theirs;
    file.connection = in.network.connect(ntohs(where.sin_port), latency);
    file.connecting = true;
    in.time.after(latency, [self = in.files.find(descriptor)] {
        dynamic_cast<tests::stream_file&>(*self).connecting = false;
    });
    return refused(EINPROGRESS);
}

int accept4(int descriptor, sockaddr* from, socklen_t* size, int flags) {
    const tests::allocating_for here(memory_owner::simulation);
    world::current().require(flags == (SOCK_NONBLOCK | SOCK_CLOEXEC), "accept4 with other flags");
    return tests::accept_from(tests::file_at<tests::listening_file>(descriptor, "a listener"),
                              from, size);
}

ssize_t recv(int descriptor, void* buffer, std::size_t size, int flags) {
    const tests::allocating_for here(memory_owner::simulation);
    world::current().require(flags == 0, "recv with flags");
    return tests::receive(tests::stream_at(descriptor), static_cast<char*>(buffer), size);
}

ssize_t send(int descriptor, const void* buffer, std::size_t size, int flags) {
    const tests::allocating_for here(memory_owner::simulation);
    world::current().require(flags == MSG_NOSIGNAL, "send with other flags");
    return tests::send_to(tests::stream_at(descriptor), {static_cast<const char*>(buffer), size});
}

int shutdown(int descriptor, int how) noexcept {
    const tests::allocating_for here(memory_owner::simulation);
    auto& in = world::current();
    in.require(how == SHUT_WR, "shutdown of more than our stream");
    auto& file = tests::stream_at(descriptor);
    in.time.note("sees our end", file.connection->number());
    const int done = file.connection->shut(file.side);
    return done < 0 ? refused(-done) : 0;
}

int setsockopt(int descriptor, int level, int name, const void* value, socklen_t size) noexcept {
    const tests::allocating_for here(memory_owner::simulation);
    // The first listener of several lets the others join only once it listens.
    if (level == SOL_SOCKET && name == SO_REUSEPORT && tests::listens(descriptor)) return 0;
    auto& file = tests::stream_at(descriptor);
    if (level == SOL_SOCKET && name == SO_LINGER) {
        linger how{};
        std::memcpy(&how, value, std::min<std::size_t>(size, sizeof how));
        file.resets = how.l_onoff != 0 && how.l_linger == 0;
    }
    if (level == SOL_SOCKET && name == SO_REUSEPORT) file.shares_port = true;
    if (!file.connection) return 0;
    auto& kept = file.connection->kept;
    if (level == SOL_SOCKET && name == SO_KEEPALIVE) kept.keeps_alive = true;
    if (level == IPPROTO_TCP && name == TCP_USER_TIMEOUT) {
        unsigned timeout = 0;
        std::memcpy(&timeout, value, std::min<std::size_t>(size, sizeof timeout));
        kept.user_timeout = std::chrono::milliseconds(timeout);
    }
    return 0;
}

int getsockopt(int descriptor, int level, int name, void* value, socklen_t* size) noexcept {
    const tests::allocating_for here(memory_owner::simulation);
    auto& file = tests::stream_at(descriptor);
    world::current().require(level == SOL_SOCKET && name == SO_ERROR && *size == sizeof(int),
                             "getsockopt of something unknown");
    const int error = file.connection ? file.connection->take_error(file.side) : ECONNREFUSED;
    std::memcpy(value, &error, sizeof error);
    return 0;
}

int getpeername(int descriptor, sockaddr* to, socklen_t* size) noexcept {
    const tests::allocating_for here(memory_owner::simulation);
    auto& file = tests::stream_at(descriptor);
    if (!file.connection || file.connection->is_reset(file.side)) return refused(ENOTCONN);
    if (const int error = world::current().system.fails(tests::weather::name_fails)) {
        return refused(error);
    }
    const bool ours = file.side == tests::link::ours;
    tests::give(ours ? tests::address_of(*file.connection) : tests::address_of(7000), to, size);
    return 0;
}

int getsockname(int descriptor, sockaddr* to, socklen_t* size) noexcept {
    const tests::allocating_for here(memory_owner::simulation);
    tests::give(tests::address_of(7000), to, size);
    return descriptor >= 0 ? 0 : refused(EBADF);
}

int getaddrinfo(const char* host, const char* port, const addrinfo* wanted, addrinfo** found) {
    const tests::allocating_for here(memory_owner::simulation);
    if (!world::exists()) {
        static auto* const real =
            tests::real_call<int(const char*, const char*, const addrinfo*, addrinfo**)>(
                "getaddrinfo");
        return real(host, port, wanted, found);
    }
    auto* const in = new sockaddr_in(
        tests::address_of(static_cast<std::uint16_t>(std::strtoul(port, nullptr, 10))));
    auto* const made = new addrinfo{};
    made->ai_family = AF_INET;
    made->ai_socktype = SOCK_STREAM;
    made->ai_addrlen = sizeof *in;
    made->ai_addr = reinterpret_cast<sockaddr*>(in);
    *found = made;
    return 0;
}

void freeaddrinfo(addrinfo* made) noexcept {
    delete reinterpret_cast<sockaddr_in*>(made->ai_addr);
    delete made;
}
}
