#pragma once

#include "framewire/codec/codec.hpp"
#include "framewire/codec/detail/sample.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

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

/// Where a decoder is that reads frames in steps: it delivers the pieces and applies the limit.
class frame_progress {
public:
    explicit frame_progress(bound limit) noexcept : limit_(limit) {}

    /// Takes what the step says from `input`; `need_more` if there is nothing to deliver yet.
    /// `end` is what would have ended a payload, for the words of an error.
    decoded take(bytes& input, const reading_step& found, bytes end);
    /// The stream is wrong at the front of `input`. Words that recognise the frame are added.
    decoded fail(errc code, bytes input, std::string words);

    void start_at(std::uint64_t offset) noexcept { offset_ = next_frame_ = offset; }
    [[nodiscard]] bool inside() const noexcept { return inside_; }
    [[nodiscard]] bool skipping() const noexcept { return skipping_; }
    [[nodiscard]] std::uint64_t payload_bytes() const noexcept { return payload_bytes_; }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
    [[nodiscard]] std::uint64_t frame_offset() const noexcept { return frame_offset_; }
    [[nodiscard]] bool has_failed() const noexcept { return failure_.has_value(); }
    [[nodiscard]] const wire_error& failure() const noexcept { return *failure_; }
    /// The error if the stream ends here; `missing` is what should have come.
    [[nodiscard]] wire_error truncation(bytes missing) const;

private:
    decoded deliver(bytes data, bool last, bytes seen, bytes end);
    decoded fail_size(bytes seen, bytes end);

    bound limit_;
    std::uint64_t offset_ = 0;
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
