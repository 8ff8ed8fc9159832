#pragma once

#include "framewire/core/error.hpp"
#include "tls_openssl.hpp"

#include <optional>
#include <string>

namespace framewire {

/// What OpenSSL says about its latest error, in words.
[[nodiscard]] std::string latest_openssl_error();

/// Why the peer's certificate was refused: set by `note_verification`.
struct tls_verification {
    std::optional<wire_error> failure{};
};

/// OpenSSL's callback for each certificate of the peer. Requires: the connection's application
/// data is a `tls_verification`.
int note_verification(int accepted, X509_STORE_CTX* what) noexcept;

/// The error of a connection of which a function has just failed, and which ends with that.
[[nodiscard]] wire_error tls_failure(bool established, const tls_verification& verified);

/// The subject, as RFC 2253 writes it; everything but printable ASCII is escaped.
[[nodiscard]] std::string subject_of(const X509* certificate);

}  // namespace framewire
