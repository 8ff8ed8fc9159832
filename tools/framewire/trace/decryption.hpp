#pragma once

#include "capture/captured_stream.hpp"
#include "framewire/core/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace framewire {

/// A piece of a stream with its own bytes.
struct kept_piece {
    stream_side from{};
    captured_piece::kind what{};
    std::string data{};
    std::uint64_t missing = 0;
    std::chrono::system_clock::time_point time{};
    std::uint64_t packet = 0;
};

/// Replaces the pieces of a TLS stream by what they meant, with tshark and a file of secrets
/// (`SSLKEYLOGFILE`). They are in order, but their times are lost. Fails if there is no tshark, or
/// if the secrets are those of other connections. Requires: `file` is the capture that the stream
/// is from, and a path.
[[nodiscard]] result<void> decrypt(const captured_stream& stream, std::vector<kept_piece>& pieces,
                                   const std::string& file, const std::string& keylog);

}  // namespace framewire
