#pragma once

#include "framewire/core/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace framewire {

/// A certificate and its private key, as PEM (RFC 7468).
struct issued {
    std::string certificate;
    std::string key;
};

/// A certificate authority that trusts itself, valid for `days`. Fails if OpenSSL does.
[[nodiscard]] result<issued> issue_authority(std::uint64_t days);

/// A certificate signed by `authority`, for a server and for a client, valid for `days`; 0: it
/// has already expired. The first name is its subject's, too. Fails if the authority cannot be
/// read, or its key is another's. Requires: `names` is not empty; each is a DNS name or an IP
/// address.
[[nodiscard]] result<issued> issue_certificate(const std::vector<std::string>& names,
                                               std::uint64_t days, const issued& authority);

}  // namespace framewire
