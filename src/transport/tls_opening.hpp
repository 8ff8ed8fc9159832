#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <array>
#include <cstddef>

namespace framewire {

/// Reads the first bytes of a peer, before they cost any memory: whether they can be TLS at all.
class tls_opening {
public:
    explicit tls_opening(bool from_client) noexcept : from_client_(from_client) {}

    /// Fails with `tls.plaintext`, or with `tls.handshake` if a ClientHello announces more than
    /// any has.
    wire_result<void> receive(bytes wire);
    [[nodiscard]] bool done() const noexcept { return size_ == seen_.size(); }

    /// What may be sent to a peer that does not speak TLS: the alert `unexpected_message`.
    static constexpr bytes alert{"\x15\x03\x01\x00\x02\x02\x0A", 7};
    /// With keys for all groups, tickets and long names, a ClientHello has 4 KiB. OpenSSL would
    /// take 128 KiB, and allocate what was announced.
    static constexpr std::size_t client_hello_max = 16'384;

private:
    // A record's header, a message's type and its length (RFC 8446, 4 and 5.1).
    std::array<unsigned char, 9> seen_{};
    std::size_t size_ = 0;
    bool from_client_;
};

}  // namespace framewire
