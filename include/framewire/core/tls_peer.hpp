#pragma once

#include <string>

namespace framewire {

/// What a TLS handshake has shown about a peer. Text that the peer has chosen is escaped: all of
/// it can be printed.
struct tls_peer {
    /// The subject of the certificate that it has shown, and that was verified, as RFC 2253 writes
    /// it: `CN=alice,O=Example`. Empty if it has shown none.
    std::string subject{};
    /// The name that the client asked for (SNI, RFC 6066), or empty.
    std::string server_name{};
    /// The protocol that both ends have agreed on (ALPN, RFC 7301), or empty.
    std::string protocol{};
    /// `TLSv1.3`
    std::string version{};
    /// `TLS_AES_128_GCM_SHA256`
    std::string cipher{};
    /// True if a ticket of an earlier connection took the place of a full handshake.
    bool resumed = false;

    bool operator==(const tls_peer&) const = default;
};

}  // namespace framewire
