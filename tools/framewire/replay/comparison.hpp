#pragma once

#include "masks.hpp"
#include "script.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// Something that arrived otherwise than it was recorded.
struct mismatch {
    /// Of the script that was played.
    script_step step{};
    /// Which frame of that connection, from 1.
    std::uint64_t number = 0;
    /// What came instead: a frame or its beginning, and its words if it is something else.
    std::string received{};
    std::string words{};
    std::uint64_t received_at = 0;  ///< its offset in the stream
    /// The place of the first byte that differs, in the bytes of either.
    std::size_t expected_byte = 0;
    std::size_t received_byte = 0;
    /// Both are frames, so that the next ones can still be compared.
    bool is_frame = false;
};

/// Compares an arrival with the expected one: frames byte for byte with their headers, or only
/// their payloads if there are masks. `data` are its bytes. Nothing if they are the same.
[[nodiscard]] std::optional<mismatch> compare(const script_step& expected, const arrival& found,
                                              bytes data, const masks& ignored);

/// Fills in which bytes differ first: of the payloads, if there are masks.
void place_difference(mismatch& found, bytes expected, bytes received, const masks& ignored);

/// The arrival in words: an event of a transcript.
[[nodiscard]] std::string arrival_words(const arrival& found);

}  // namespace framewire
