#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "proxy_header.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace framewire {

/// Reads the PROXY header that a stream begins with, however it is cut. Owns no buffer before a
/// part of it has arrived.
class proxy_header_reader {
public:
    /// Takes bytes of the wire up to the end of the header, and returns how many. Requires: has
    /// not failed, and the header is not complete.
    wire_result<std::size_t> receive(bytes wire);
    /// The error of a wire that has ended before.
    [[nodiscard]] wire_error ended() const;

    /// Nothing until it is complete.
    [[nodiscard]] const std::optional<proxy_header>& header() const noexcept { return header_; }
    [[nodiscard]] std::size_t held_bytes() const noexcept { return held_.size(); }

private:
    std::string held_;
    std::optional<proxy_header> header_;
};

}  // namespace framewire
