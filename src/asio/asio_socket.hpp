#pragma once

#include "io/sockets.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>

namespace framewire {

namespace asio = boost::asio;
using any_socket = asio::generic::stream_protocol::socket;
using any_endpoint = asio::generic::stream_protocol::endpoint;
using system_error_code = boost::system::error_code;

/// Assigns the descriptor to the socket. If the system cannot poll one more, closes it and returns
/// false.
[[nodiscard]] inline bool assign(any_socket& socket, int descriptor) noexcept {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    (void)::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size);
    system_error_code error;
    socket.assign(asio::generic::stream_protocol(storage.ss_family, 0), descriptor, error);
    if (error) {
        owned_descriptor(descriptor).close();
        return false;
    }
    socket.non_blocking(true, error);
    return !error;
}

[[nodiscard]] inline bool is_transient(const system_error_code& error) noexcept {
    return is_transient(error.value());
}

}  // namespace framewire
