#include "http_line.hpp"

#include "framewire/core/units.hpp"
#include "io/sockets.hpp"

#include <sys/socket.h>
#include <array>
#include <cerrno>

namespace framewire {
namespace {

// What one record of TLS can have.
constexpr std::size_t taken_bytes_max = 16 * KiB;

// Absent if the socket is broken, 0 if it takes nothing now.
std::optional<std::size_t> write_some(int socket, bytes data) {
    while (true) {
        const auto size = send_some(socket, data);
        if (size >= 0) return static_cast<std::size_t>(size);
        if (errno == EINTR) continue;
        if (is_transient(errno)) return 0;
        return std::nullopt;
    }
}

}  // namespace

bool http_line::receive(std::string& stream) {
    std::array<char, 16 * KiB> chunk{};
    const auto size = receive_some(socket_.get(), chunk);
    if (size < 0) return is_transient(errno) && flush();
    if (size == 0) return false;
    const bytes wire(chunk.data(), static_cast<std::size_t>(size));
    if (!over_) {
        stream += wire;
        return true;
    }
    const bool is_valid = over_->receive(wire, stream).has_value();
    // A peer that is refused is told why.
    return flush() && is_valid && !over_->peer_finished();
}

std::optional<std::size_t> http_line::send(bytes data) {
    if (!over_) return write_some(socket_.get(), data);
    if (!flush()) return std::nullopt;
    if (is_blocked()) return 0;
    const auto taken = data.substr(0, taken_bytes_max);
    if (!over_->send(taken) || !flush()) return std::nullopt;
    return taken.size();
}

void http_line::end() noexcept {
    if (over_ && over_->established()) {
        over_->close();
        (void)flush();
    }
    (void)::shutdown(socket_.get(), SHUT_WR);
}

// False if the socket is broken.
bool http_line::flush() {
    while (is_blocked()) {
        const auto size = write_some(socket_.get(), over_->output());
        if (!size) return false;
        if (*size == 0) return true;
        over_->sent(*size);
    }
    return true;
}

}  // namespace framewire
