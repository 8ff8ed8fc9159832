#pragma once

#include "descriptor.hpp"
#include "framewire/core/peer_credentials.hpp"
#include "framewire/core/result.hpp"
#include "framewire/core/units.hpp"
#include "framewire/io/address.hpp"

#include <sys/socket.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace framewire {

/// An address in the system's form.
struct socket_address {
    sockaddr_storage storage{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr* data() const noexcept {
        return reinterpret_cast<const sockaddr*>(&storage);
    }
    [[nodiscard]] int family() const noexcept { return storage.ss_family; }
};

/// A connected socket, and the address of its other end: of size 0 if only the system knows it.
struct connected_socket {
    owned_descriptor descriptor;
    socket_address remote{};
};

/// Every socket address of `where`, each once, in the system's order. Blocks while a name is
/// resolved.
[[nodiscard]] result<std::vector<socket_address>> resolve(const address& where, bool to_listen);

/// Sets an option if the socket has it: local ones refuse those of TCP, and need none.
void set_socket_option(int descriptor, int level, int name, int value) noexcept;

/// When a peer that has vanished is noticed, whether something is on its way to it or not.
inline constexpr std::chrono::minutes vanished_after{1};
/// Sets the options of every connection: no delay for small writes, urgent bytes in the stream,
/// and the end of one whose peer has vanished. A peer that only does not take its replies has
/// `write_deadline` for that, if it is longer than `vanished_after`; zero is without end.
void prepare_connection(int descriptor,
                        std::chrono::milliseconds write_deadline = vanished_after) noexcept;

/// A bare close with unread input resets the connection and can erase replies that the peer has
/// not read yet (RFC 9112, section 9.6). So our end is closed first, and further input is
/// discarded, up to these bounds.
inline constexpr std::size_t discarded_bytes_max = 64 * KiB;
inline constexpr std::chrono::seconds linger_time{1};

/// The read from which on a connection is worth a wider window: nearly the first window, which is
/// one segment of the loopback.
inline constexpr std::size_t widening_read_bytes = 60 * KiB;
/// Widens the window that the peer may fill, so that a fast one need not wait for us to have read.
void widen_receive_window(int descriptor) noexcept;

/// Makes closing the socket reset the connection, so that the kernel keeps none of it.
void reset_on_close(int descriptor) noexcept;

[[nodiscard]] endpoint local_endpoint(int descriptor);
[[nodiscard]] endpoint remote_endpoint(int descriptor);
[[nodiscard]] endpoint endpoint_of(const socket_address& at);
/// Nothing if the socket is not a local one.
[[nodiscard]] std::optional<peer_credentials> credentials_of(int descriptor) noexcept;

/// Reads available bytes, up to the buffer's size. Returns their number, 0 at the stream's end, or
/// -1 with `errno` set. Does not block.
[[nodiscard]] std::ptrdiff_t receive_some(int descriptor, std::span<char> buffer) noexcept;
/// Returns how many of the bytes the system accepted, or -1 with `errno` set. Raises no signal.
[[nodiscard]] std::ptrdiff_t send_some(int descriptor, bytes data) noexcept;

/// The error for an `errno` of reading or writing: `io.reset` or `io.failed`.
[[nodiscard]] wire_error from_system(int error, std::uint64_t offset);

/// True if the call may succeed later.
[[nodiscard]] bool is_transient(int error) noexcept;

}  // namespace framewire
