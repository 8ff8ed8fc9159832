#pragma once

#include "framewire/codec/detail/decoder_state.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// What a `payload_reader` found at the front of its input.
struct reading_step {
    enum class kind : std::uint8_t {
        fill,     ///< bytes between frames that mean nothing
        payload,  ///< bytes of a frame; `data`, which may be empty, is what they say
        end,      ///< the same, and the last bytes of the frame
        wrong,    ///< the first of them has no meaning here; none is taken
    };
    kind what = kind::payload;
    std::size_t taken = 0;
    /// In the input or in the reader.
    bytes data{};
    /// For `fill`: how many of its last bytes belong to the frame if one begins after them.
    std::uint8_t opening = 0;
};

/// Why a byte is wrong, in words, and what the peer speaks instead, if that is recognised.
struct complaint {
    std::string words;
    std::string_view guess{};
};

/// The state of a decoder that reads frames in steps: it delivers the pieces and applies the
/// limit.
class frame_progress : public counting_state {
protected:
    explicit frame_progress(bound limit) noexcept : counting_state(limit) {}

    /// Takes what the step says from `input`; `need_more` if there is nothing to deliver yet.
    /// `end` is what would have ended a payload, for the words of an error.
    decoded take_step(bytes& input, const reading_step& found, bytes end);

    /// The stream is wrong at the front of `input`: returns the beginning of the frame, for the
    /// words.
    bytes begin_failure(bytes input);
    decoded fail_step(errc code, complaint why);

private:
    // Where the next frame begins. Requires: between frames.
    [[nodiscard]] std::uint64_t next_frame() const noexcept { return offset_ - opening_; }

    std::uint8_t opening_ = 0;  // bytes before `offset_` that belong to the next frame
};

}  // namespace framewire
