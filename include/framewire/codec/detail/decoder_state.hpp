#pragma once

#include "framewire/codec/codec.hpp"
#include "framewire/codec/detail/frame_run.hpp"
#include "framewire/codec/detail/sample.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace framewire {

/// What every decoder knows of its stream. It is the first base of each, and has what
/// `stream_decoder` asks for that is the same in all: to read it, nobody need know which it is.
class decoder_state {
public:
    void start_at(std::uint64_t offset) noexcept { offset_ = frame_offset_ = offset; }
    [[nodiscard]] frame_phase phase() const noexcept {
        return place_ < place::payload ? static_cast<frame_phase>(place_) : frame_phase::payload;
    }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
    [[nodiscard]] std::uint64_t frame_offset() const noexcept { return frame_offset_; }
    [[nodiscard]] static std::uint64_t announced() noexcept { return unknown_length; }
    /// The first bytes of an unfinished frame, as far as they are known. Requires: not between
    /// frames, and no failure.
    [[nodiscard]] bytes beginning() const noexcept { return sample_.view(); }
    [[nodiscard]] const wire_error& failure() const noexcept { return *failure_; }

    /// See `run_decoder`.
    void take(bytes& input, const frame_run& run, std::size_t first, std::size_t count) noexcept {
        frame_offset_ =
            offset_ + static_cast<std::uint64_t>(run.begin(first + count - 1) - run.begin(first));
        take(input, static_cast<std::size_t>(run.begin(first + count) - run.begin(first)));
    }

protected:
    /// The first ones are those of `frame_phase`.
    enum class place : std::uint8_t { between, header, payload, trailer, failed };

    explicit decoder_state(bound limit) noexcept : limit_(limit) {}

    [[nodiscard]] bool has_failed() const noexcept { return failure_ != nullptr; }
    [[nodiscard]] bool inside() const noexcept { return place_ != place::between; }
    decoded fail(errc code, std::uint64_t offset, std::string words);
    /// Requires: so many bytes are there.
    void take(bytes& input, std::size_t size) noexcept {
        offset_ += size;
        input = {input.data() + size, input.size() - size};
    }
    /// Takes a frame whose payload is whole.
    decoded take_frame(bytes& input, std::size_t size, piece whole) noexcept {
        frame_offset_ = offset_;
        take(input, size);
        return {.what = step::piece, .piece = whole};
    }

    // Not next to frame_offset_: a compiler that stores both at once makes every frame wait for
    // the previous one.
    std::uint64_t offset_ = 0;
    bound limit_;
    std::uint64_t frame_offset_ = 0;
    std::shared_ptr<const wire_error> failure_;  // apart, as few connections have one
    sample sample_;
    place place_ = place::between;
    bool first_ = true;  // nothing of the payload was delivered
    bool skipping_ = false;
};

/// The same of a decoder whose frames announce no length: it counts the bytes of a payload that it
/// has seen.
class counting_state : public decoder_state {
protected:
    explicit counting_state(bound limit) noexcept : decoder_state(limit) {}

    /// The frame began at this offset, and this is the place in it.
    void begin_frame(std::uint64_t offset, place begins_with = place::payload) noexcept {
        frame_offset_ = offset;
        sample_.reset();
        place_ = begins_with;
        first_ = true;
        payload_bytes_ = 0;
    }
    /// Counts bytes of the payload. False if they are too many, and may not be skipped.
    [[nodiscard]] bool admit(std::size_t size) noexcept {
        payload_bytes_ += size;
        if (payload_bytes_ <= limit_.payload_bytes_max) return true;
        if (!skipping_) skipping_ = limit_.may_skip_late();
        return skipping_;
    }
    /// `need_more` if there is nothing to deliver: an empty piece is delivered only at the end of
    /// a frame, and of one that is skipped nothing but its end.
    decoded deliver(bytes data, bool last) noexcept;
    /// The stream ends here, without `end`.
    [[nodiscard]] wire_error truncated_before(bytes end) const;
    /// The payload is not ended by `end` within the limit.
    decoded fail_endless(bytes end);

    std::uint64_t payload_bytes_ = 0;
};

}  // namespace framewire
