#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/endpoint.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// Writes a TCP conversation as a capture in pcapng, of link type raw IP: its addresses, bytes and
/// times are real, the headers are made up. Each function returns what is to be appended to the
/// file. A local socket becomes 127.0.0.1 with a port that is not its own.
class capture_writer {
public:
    using time = std::chrono::system_clock::time_point;
    enum class side : std::uint8_t { client, server };

    capture_writer(const endpoint& client, const endpoint& server);

    /// The head of the file, and the handshake. `comment` is that of the file.
    [[nodiscard]] std::string begin(std::string_view comment, time at);
    [[nodiscard]] std::string sent(side from, bytes data, time at);
    /// The end of the stream. Nothing but a reset follows from there.
    [[nodiscard]] std::string ended(side from, time at);
    [[nodiscard]] std::string reset(side from, time at);

    /// Of this side no `ended` or `reset` has been written.
    [[nodiscard]] bool is_open(side which) const noexcept { return !end_of(which).has_ended; }

private:
    struct one_end {
        std::string address{};  // as the header of IP has it
        std::uint16_t port = 0;
        std::uint32_t sequence = 0;  // of the next byte
        bool has_ended = false;
    };

    [[nodiscard]] one_end& end_of(side which) noexcept {
        return ends_[static_cast<std::size_t>(which)];
    }
    [[nodiscard]] const one_end& end_of(side which) const noexcept {
        return ends_[static_cast<std::size_t>(which)];
    }
    [[nodiscard]] std::string segment(side from, std::uint8_t flags, bytes data, time at);
    [[nodiscard]] std::string datagram(const one_end& from, const one_end& to,
                                       std::string segment);

    bool ipv6_;
    std::array<one_end, 2> ends_;
    std::uint16_t datagrams_ = 0;
};

}  // namespace framewire
