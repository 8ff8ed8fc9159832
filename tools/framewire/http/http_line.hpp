#pragma once

#include "framewire/core/bytes.hpp"
#include "io/descriptor.hpp"
#include "transport/transport.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace framewire {

/// A socket that does not block, and what is between it and HTTP: TLS, or nothing.
class http_line {
public:
    /// `over` may be null.
    http_line(owned_descriptor socket, std::unique_ptr<transport> over)
        : socket_(std::move(socket)), over_(std::move(over)) {}

    [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }
    [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }
    void close() noexcept { socket_.close(); }

    /// Appends what the peer has sent; nothing if there is nothing yet. False if no more will
    /// come: the peer has ended its stream, or the line is broken.
    bool receive(std::string& stream);
    /// Sends the beginning of `data`, and returns how much of it is taken; 0 while the socket
    /// takes nothing. Absent if the line is broken.
    std::optional<std::size_t> send(bytes data);
    /// True while bytes that `send` has taken wait for the socket.
    [[nodiscard]] bool is_blocked() const noexcept { return over_ && !over_->output().empty(); }
    /// Ends our direction. Requires: not blocked.
    void end() noexcept;

private:
    bool flush();

    owned_descriptor socket_;
    std::unique_ptr<transport> over_;
};

}  // namespace framewire
