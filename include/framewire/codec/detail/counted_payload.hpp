#pragma once

#include "framewire/codec/frame_layout.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// Finds the end of a payload whose length is known, in bytes or in characters.
class counted_payload {
public:
    explicit counted_payload(counting unit) noexcept : unit_(unit) {}

    void begin(std::uint64_t length) noexcept {
        length_ = length;
        bytes_taken_ = 0;
        counter_ = {};
    }

    /// Counts bytes that were taken elsewhere. Requires: bytes are counted, and so many are left.
    void pass(std::size_t count) noexcept { bytes_taken_ += count; }

    /// Takes the bytes at the front of `input` that belong to the payload; returns their number.
    std::size_t take(bytes input) noexcept {
        const auto taken =
            unit_ == counting::in_characters
                ? counter_.advance(input, length_)
                : static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), wanted()));
        bytes_taken_ += taken;
        return taken;
    }

    [[nodiscard]] bool complete() const noexcept { return units_taken() == length_; }
    /// False once a byte is not UTF-8, if characters are counted.
    [[nodiscard]] bool valid() const noexcept { return counter_.valid(); }
    [[nodiscard]] std::uint64_t length() const noexcept { return length_; }
    [[nodiscard]] std::uint64_t bytes_taken() const noexcept { return bytes_taken_; }
    [[nodiscard]] std::uint64_t units_taken() const noexcept {
        return unit_ == counting::in_characters ? counter_.characters() : bytes_taken_;
    }
    /// True while the last character is incomplete.
    [[nodiscard]] bool inside_character() const noexcept { return counter_.inside_character(); }
    /// The least number of bytes still missing.
    [[nodiscard]] std::uint64_t wanted() const noexcept { return length_ - units_taken(); }
    [[nodiscard]] counting unit() const noexcept { return unit_; }

private:
    counting unit_;
    std::uint64_t length_ = 0;
    std::uint64_t bytes_taken_ = 0;
    utf8_counter counter_;
};

}  // namespace framewire
