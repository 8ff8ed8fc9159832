#pragma once

#include "framewire/core/bytes.hpp"
#include "whole_numbers.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tl/expected.hpp>

namespace framewire {

/// Why a record gives no segment.
enum class no_segment : std::uint8_t {
    not_tcp,
    fragment,    ///< a fragment of an IP datagram; what is missing of it has not come
    cut_header,  ///< TCP, but its header was not captured up to the flags
    malformed,   ///< TCP, but a header contradicts itself
    encrypted,   ///< of a wireless network
    unread,      ///< a link, or a tunnel, that is not read; it may carry TCP
};

/// What is left of a record after some of its headers.
struct layer {
    /// As far as captured.
    bytes captured{};
    /// On the wire. At least as many.
    std::uint64_t sent = 0;

    /// Passes a header, also if it was captured only in part.
    [[nodiscard]] layer after(std::size_t size) const {
        return {captured.substr(std::min(size, captured.size())),
                sent - std::min<std::uint64_t>(size, sent)};
    }
    /// Cuts what is behind a length that a header declares: padding.
    [[nodiscard]] layer up_to(std::uint64_t size) const {
        const auto limit = std::min(size, sent);
        return {captured.substr(0, static_cast<std::size_t>(limit)), limit};
    }
    [[nodiscard]] bool has(std::size_t size) const noexcept { return captured.size() >= size; }
};

/// The kinds of header that follow others.
enum class header : std::uint8_t { ethernet, typed, llc, ppp, mpls, ip };

/// A header, and what begins with it.
struct inner {
    header what{};
    layer rest{};
    /// Of `typed`: an EtherType.
    std::uint16_t type = 0;
};
using inner_or_none = tl::expected<inner, no_segment>;

inline tl::unexpected<no_segment> none(no_segment why = no_segment::not_tcp) {
    return tl::unexpected(why);
}

}  // namespace framewire
