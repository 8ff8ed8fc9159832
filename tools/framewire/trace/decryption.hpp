#pragma once

#include "capture/captured_stream.hpp"
#include "framewire/core/result.hpp"

#include <string>

namespace framewire {

/// Replaces the bytes of a TLS stream by what they meant, with tshark and a file of secrets
/// (`SSLKEYLOGFILE`). The pieces are in order, but their times are lost. Fails if there is no
/// tshark, or if the secrets are those of other connections. Requires: `file` is the capture that
/// the stream is from, and a path.
[[nodiscard]] result<void> decrypt(captured_stream& stream, const std::string& file,
                                   const std::string& keylog);

}  // namespace framewire
