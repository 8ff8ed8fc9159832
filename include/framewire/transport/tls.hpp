#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// TLS 1.2 (RFC 5246) and 1.3 (RFC 8446), with ciphers that authenticate what they encrypt (AEAD)
/// and keys of the connection's own (ephemeral Diffie-Hellman). No renegotiation, no compression,
/// no early data (0-RTT).
enum class tls_version : std::uint8_t { v1_2, v1_3 };

/// A certificate and its key, in files (PEM).
struct tls_certificate {
    /// The certificate, then those that lead from it to its CA.
    std::string chain_file{};
    /// Its private key, without a passphrase.
    std::string key_file{};
};

/// How a server speaks TLS. To listen with these settings reads all files at once, and fails
/// with the file and the reason if one cannot be used.
struct tls_server_settings {
    /// The first pair whose certificate names what the client asks for (SNI) is used, together
    /// with others for that name, which may have keys of other kinds. Clients that ask for no or
    /// another name get the first. Requires: not empty.
    std::vector<tls_certificate> certificates{};
    /// Clients must show a certificate that one of these CAs has issued (mutual TLS), or they fail
    /// with `tls.certificate_required` or `tls.certificate_unknown`. Empty: none is asked for.
    std::string client_ca_file{};
    tls_version version_min = tls_version::v1_2;
    /// Protocols to agree on (ALPN), the preferred first. A client that offers some, but none of
    /// these, is refused with `tls.handshake`. Empty: what clients offer is ignored.
    std::vector<std::string> protocols{};
    /// Appends the secrets of all connections to this file (`SSLKEYLOGFILE`), so that Wireshark
    /// can read them. So can everybody else that has the file. Empty: nowhere.
    std::string keylog_file{};
    /// From the connection to the end of the handshake, else `tls.timeout`; zero waits forever.
    /// A handshake is two round trips: 5 s allow for several retransmissions.
    std::chrono::milliseconds handshake_deadline{5'000};
    /// Handshakes that are not finished. With one more, the oldest is reset (`limit.handshakes`).
    /// Each holds up to 64 KiB; one that succeeds takes a few milliseconds, so that 1000 are only
    /// reached by peers that do not mean to finish.
    std::size_t handshakes_max = 1'000;
    /// Handshakes per second that one thread of the server begins; others wait, and open
    /// connections are served first in any case. A thread can do about 1500, and has a third of
    /// its time for open connections then. Zero: no limit.
    std::uint64_t handshakes_per_second_max = 1'000;
};

/// How a client speaks TLS.
struct tls_client_settings {
    /// The CAs that may have issued the server's certificate. Empty: those of the system.
    std::string ca_file{};
    /// Shown to a server that asks for one (mutual TLS).
    std::optional<tls_certificate> certificate{};
    /// The name or the IP address that the server's certificate must have, else
    /// `tls.name_mismatch`. A name is also sent (SNI). Empty: the host of the address.
    std::string name{};
    /// Accepts any certificate, so also that of an attacker between the two ends.
    bool insecure = false;
    tls_version version_min = tls_version::v1_2;
    /// Protocols to offer (ALPN), the preferred first.
    std::vector<std::string> protocols{};
    /// As for a server. The library does not read the variable `SSLKEYLOGFILE`; a program may.
    std::string keylog_file{};
    /// From the connection to the end of the handshake, else `tls.timeout`; zero waits forever.
    std::chrono::milliseconds handshake_deadline{5'000};
};

}  // namespace framewire
