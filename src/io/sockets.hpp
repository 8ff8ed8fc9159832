#pragma once

#include "descriptor.hpp"
#include "framewire/core/result.hpp"
#include "framewire/core/units.hpp"
#include "framewire/io/address.hpp"

#include <sys/socket.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace framewire {

/// An address as the system takes it.
struct socket_address {
    sockaddr_storage storage{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr* data() const noexcept {
        return reinterpret_cast<const sockaddr*>(&storage);
    }
    [[nodiscard]] int family() const noexcept { return storage.ss_family; }
};

/// Every socket address of `where`, in the system's order. Blocks while a name is resolved.
[[nodiscard]] result<std::vector<socket_address>> resolve(const address& where, bool to_listen);

enum class port_sharing : std::uint8_t {
    none,   ///< the only socket on its port
    begin,  ///< others will join it; another server that has the port already is still noticed
    join,
};

/// An open listening socket, not blocking.
[[nodiscard]] result<int> open_listener(const address& where, port_sharing sharing);

/// A connection that waits on a listening socket, not blocking; -1 with `errno` set if there is
/// none.
[[nodiscard]] int accept_connection(int listener) noexcept;

/// What to do after `accept_connection` failed with `error`.
enum class accept_advice : std::uint8_t {
    retry,  ///< that connection is lost, the next may be there
    wait,   ///< there is none
    pause,  ///< out of descriptors or memory: `accept_pause` later may be better, at once never is
};
[[nodiscard]] accept_advice after_failed_accept(int error) noexcept;
inline constexpr std::chrono::milliseconds accept_pause{50};

/// Sets what every connection of ours has: no delay for small writes, and keep-alive that notices
/// a peer that is gone within a minute.
void prepare_connection(int descriptor) noexcept;

/// A bare close with unread input resets the connection and can erase replies that the peer has
/// not read yet (RFC 9112, section 9.6). So our end is closed first, and what still comes is
/// thrown away, up to these bounds.
inline constexpr std::size_t thrown_away_max = 64 * KiB;
inline constexpr std::chrono::seconds linger_time{1};

/// Makes closing the socket reset the connection, so that nothing of it stays behind in the
/// kernel.
void reset_on_close(int descriptor) noexcept;

[[nodiscard]] endpoint local_endpoint(int descriptor) noexcept;
[[nodiscard]] endpoint remote_endpoint(int descriptor) noexcept;

/// What is there, up to the buffer's size: how many bytes, 0 at the stream's end, -1 with `errno`
/// set. Does not block a socket of ours.
[[nodiscard]] std::ptrdiff_t receive_some(int descriptor, std::span<char> buffer) noexcept;
/// How many of the bytes the system takes now; -1 with `errno` set. Raises no signal.
[[nodiscard]] std::ptrdiff_t send_some(int descriptor, bytes data) noexcept;

/// An `errno` of reading or writing as ours: `io.reset` or `io.failed`.
[[nodiscard]] wire_error from_system(int error, std::uint64_t offset);

/// True where the call may succeed later.
[[nodiscard]] bool is_transient(int error) noexcept;

}  // namespace framewire
