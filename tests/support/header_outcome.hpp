#pragma once

#include "framewire/codec/detail/prefixed_decoder.hpp"

#include <gtest/gtest.h>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace framewire::tests {

/// The result of reading a header: a length, an error, or neither yet.
struct header_outcome {
    std::optional<errc> error{};
    bool complete = false;
    std::uint64_t length = 0;
    /// Where it stopped: after its last byte, or before the wrong one.
    std::size_t taken = 0;
    bool operator==(const header_outcome&) const = default;
};

inline void PrintTo(const header_outcome& what, std::ostream* out) {
    *out << (what.error      ? error_name(*what.error)
             : what.complete ? "complete"
                             : "not complete")
         << ", length " << what.length << ", taken " << what.taken;
}

inline header_outcome complete(std::uint64_t length, std::size_t taken) {
    return {{}, true, length, taken};
}
inline header_outcome incomplete(std::size_t taken) { return {{}, false, 0, taken}; }
inline header_outcome wrong(errc error, std::size_t at) { return {error, false, 0, at}; }

/// The result of `advance`, which must be the same at once and byte by byte.
template <length_header Header>
header_outcome advanced(const Header& header, bytes text,
                        std::uint64_t length_max = unknown_length - 1) {
    const auto outcome_of = [](const Header& view, const header_step& found) -> header_outcome {
        if (found.error) return wrong(*found.error, view.taken());
        return found.complete ? complete(view.length(), view.taken()) : incomplete(view.taken());
    };
    auto whole = header;
    auto at_once = outcome_of(whole, whole.advance(text, length_max));
    auto single = header;
    auto in_pieces = incomplete(0);
    for (std::size_t i = 0; i < text.size() && !in_pieces.error && !in_pieces.complete; ++i) {
        in_pieces = outcome_of(single, single.advance(text.substr(i, 1), length_max));
    }
    EXPECT_EQ(in_pieces, at_once) << testing::PrintToString(std::string(text));
    return at_once;
}

/// The result of `peek`; nothing if it leaves the header to `advance`.
template <quick_header Header>
std::optional<header_outcome> peeked(const Header& header, bytes text, std::uint64_t length_max) {
    auto length = length_max;
    const auto taken = header.peek(text, length);
    if (taken == 0) return std::nullopt;
    return complete(length, taken);
}

}  // namespace framewire::tests
