#pragma once

#include "framewire/codec/codec.hpp"
#include "framewire/codec/counted_payload.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// What a header made of the bytes it was given.
struct header_step {
    /// Bytes that belong to the header, up to and without a wrong one.
    std::size_t taken = 0;
    bool complete = false;
    std::optional<errc> error{};
};

/// A length that stands in front of its payload, read as it arrives.
template <class H>
concept length_header = requires(H header, const H& view, bytes input, std::uint64_t length_max) {
    /// Takes bytes from the front of `input`, and stops at the first that decides: the last of the
    /// header, one that is wrong, or the one that raises the length above `length_max`.
    { header.advance(input, length_max) } -> std::same_as<header_step>;
    { header.reset() } -> std::same_as<void>;
    { view.length() } -> std::same_as<std::uint64_t>;
    { view.taken() } -> std::same_as<std::size_t>;
    { view.wanted() } -> std::same_as<std::size_t>;
    /// What the header should be, for error messages: `10 decimal digits`.
    { view.expectation() } -> std::same_as<std::string>;
};

/// The decoder of every framing that says the payload's length first.
template <length_header Header>
class prefixed_decoder {
public:
    prefixed_decoder(Header header, counting unit, bound limit) noexcept
        : header_(header), payload_(unit), limit_(limit) {}

    decoded next(bytes& input) {
        if (failure_) return {.what = step::failed};
        if (!in_payload_) {
            if (const auto pending = read_header(input)) return *pending;
        }
        return read_payload(input);
    }

    [[nodiscard]] phase stands() const noexcept {
        if (in_payload_) return phase::payload;
        return header_.taken() > 0 ? phase::header : phase::between_frames;
    }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
    [[nodiscard]] std::uint64_t frame_offset() const noexcept { return frame_offset_; }
    [[nodiscard]] const wire_error& failure() const noexcept { return *failure_; }
    [[nodiscard]] wire_error truncation() const;

private:
    // Enough of a frame's beginning to recognise in an error message what the peer was really
    // saying.
    static constexpr std::size_t sample_bytes_max = 24;

    std::optional<decoded> read_header(bytes& input);
    decoded read_payload(bytes& input);
    decoded fail(errc code, bytes rest);
    decoded fail_payload(errc code, std::uint64_t offset, std::string words);
    void keep_sample(bytes taken) noexcept;

    Header header_;
    counted_payload payload_;
    bound limit_;
    std::uint64_t offset_ = 0;
    std::uint64_t frame_offset_ = 0;
    bool in_payload_ = false;
    bool first_ = true;
    bool skipping_ = false;
    std::uint8_t sample_size_ = 0;
    std::array<char, sample_bytes_max> sample_{};
    std::optional<wire_error> failure_;
};

}  // namespace framewire
