#pragma once

#include "framewire/codec/codec.hpp"
#include "framewire/codec/detail/frame_run.hpp"
#include "framewire/codec/detail/sample.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
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
    std::size_t opening = 0;
};

/// Why a byte is wrong, in words, and what the peer speaks instead, if that is recognised.
struct complaint {
    std::string words;
    std::string_view guess{};
};

/// Where a decoder is that reads frames in steps: it delivers the pieces and applies the limit.
class frame_progress {
public:
    explicit frame_progress(bound limit) noexcept : limit_(limit) {}

    /// Takes what the step says from `input`; `need_more` if there is nothing to deliver yet.
    /// `end` is what would have ended a payload, for the words of an error.
    decoded take(bytes& input, const reading_step& found, bytes end);
    /// Takes a frame whose payload is whole, and everything else in it as it should be. Requires:
    /// between frames, and the payload is within the limit.
    decoded take_frame(bytes& input, std::size_t size, frame_edges edges) noexcept {
        const bytes payload(input.data() + edges.header, size - edges.header - edges.trailer);
        frame_offset_ = next_frame_;
        offset_ += size;
        next_frame_ = offset_;
        input = {input.data() + size, input.size() - size};
        return {.what = step::piece, .piece = {.payload = payload}};
    }
    /// Takes frames of a run.
    void take(bytes& input, const frame_run& run, std::size_t first, std::size_t count) noexcept {
        frame_offset_ =
            offset_ + static_cast<std::uint64_t>(run.begin(first + count - 1) - run.begin(first));
        const auto size = static_cast<std::size_t>(run.begin(first + count) - run.begin(first));
        offset_ += size;
        next_frame_ = offset_;
        input = {input.data() + size, input.size() - size};
    }

    /// The stream is wrong at the front of `input`: returns the beginning of the frame, for the
    /// words.
    bytes begin_failure(bytes input);
    decoded fail(errc code, complaint why);

    void start_at(std::uint64_t offset) noexcept { offset_ = next_frame_ = offset; }
    [[nodiscard]] bool inside() const noexcept { return inside_; }
    [[nodiscard]] std::uint64_t payload_bytes_max() const noexcept {
        return limit_.payload_bytes_max;
    }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
    [[nodiscard]] std::uint64_t frame_offset() const noexcept { return frame_offset_; }
    /// The beginning of the frame, for messages.
    [[nodiscard]] bytes beginning() const noexcept { return sample_.view(); }
    [[nodiscard]] bool has_failed() const noexcept { return failure_.has_value(); }
    [[nodiscard]] const wire_error& failure() const noexcept { return *failure_; }
    /// The error if the stream ends here; `missing` is what should have come.
    [[nodiscard]] wire_error truncation(bytes missing) const;

private:
    decoded deliver(bytes data, bool last, bytes seen, bytes end);
    decoded fail_size(bytes seen, bytes end);

    std::uint64_t offset_ = 0;  // not next to frame_offset_, see prefixed_decoder
    bound limit_;
    std::uint64_t frame_offset_ = 0;
    std::uint64_t next_frame_ = 0;  // where the next one begins
    std::uint64_t payload_bytes_ = 0;
    bool inside_ = false;
    bool first_ = true;
    bool skipping_ = false;
    sample sample_;
    std::optional<wire_error> failure_;
};

}  // namespace framewire
