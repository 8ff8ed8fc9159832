#pragma once

#include "framewire/codec/detail/sample.hpp"
#include "framewire/codec/frame_layout.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// What surrounds an announced length, and what it means: the options that every such framing
/// takes. The number in the header is the *field*; the payload's length follows from it.
struct length_options {
    static constexpr std::size_t magic_bytes_max = 16;
    static constexpr std::size_t lead_bytes_max = sample::bytes_max - magic_bytes_max;
    static constexpr std::size_t end_bytes_max = 8;
    static constexpr std::uint8_t all_bits = 64;

    /// Added to the field to get the payload's size without its lead.
    std::int64_t adjust = 0;
    /// Fields from `idle_first` to `idle_last` announce no payload but are a message of their own.
    std::uint32_t idle_first = 1;
    std::uint32_t idle_last = 0;
    std::uint8_t lead = 0;              ///< bytes of the payload between the magic and the field
    std::uint8_t gap = 0;               ///< bytes there that may be anything and are sent as zeros
    std::uint8_t trailer = 0;           ///< such bytes after the payload
    std::uint8_t mask_bits = all_bits;  ///< of the field, which are the length
    std::uint8_t flag_bit = 0;          ///< of the field, with `joins_by_flag`
    bool joins_by_flag = false;         ///< whether the payload continues in the next frame
    bool flag_is_last = false;          ///< the flag means that it does not
    bool joins_full = false;  ///< a payload continues after a frame of the largest length
    std::uint8_t magic_size = 0;
    std::uint8_t end_size = 0;
    std::array<char, magic_bytes_max> magic{};  ///< what a frame begins with
    std::array<char, end_bytes_max> end{};      ///< what it ends with

    /// Takes these options from a spec. `value_max` is the largest number, `unit` what it counts.
    static result<length_options> parse(spec_reader& spec, std::uint64_t value_max, counting unit);

    /// True if the field is the first of a frame and is the payload's length.
    [[nodiscard]] bool is_plain() const noexcept {
        return before() == 0 && adjust == 0 && mask_bits == all_bits && !has_idle() && !joins();
    }
    /// True if a payload has one encoding only.
    [[nodiscard]] bool is_canonical() const noexcept {
        return gap == 0 && trailer == 0 && mask_bits == all_bits;
    }
    [[nodiscard]] bool joins() const noexcept { return joins_by_flag || joins_full; }
    [[nodiscard]] bool has_idle() const noexcept { return idle_first <= idle_last; }
    [[nodiscard]] bool is_idle(std::uint64_t field) const noexcept {
        return idle_first <= field && field <= idle_last;
    }
    /// The number of bytes before the field.
    [[nodiscard]] std::size_t before() const noexcept {
        return std::size_t{magic_size} + lead + gap;
    }
    [[nodiscard]] bytes magic_bytes() const noexcept { return {magic.data(), magic_size}; }
    [[nodiscard]] bytes end_bytes() const noexcept { return {end.data(), end_size}; }
    [[nodiscard]] std::size_t trailer_size() const noexcept {
        return std::size_t{trailer} + end_size;
    }
    [[nodiscard]] bool accepts_in_trailer(char byte, std::size_t at) const noexcept {
        return end_size == 0 || byte == end[at];
    }

    [[nodiscard]] std::uint64_t masked(std::uint64_t field) const noexcept {
        return mask_bits == all_bits ? field : field & ((std::uint64_t{1} << mask_bits) - 1);
    }
    /// True if the payload continues after the frame with this field. `full` is the largest.
    [[nodiscard]] bool continues(std::uint64_t field, std::uint64_t full) const noexcept {
        if (joins_full) return masked(field) == full;
        return joins_by_flag && ((field >> flag_bit & 1U) != 0) != flag_is_last;
    }
    /// The payload's length, lead included. Fails with `frame.length_syntax` if it is negative.
    [[nodiscard]] tl::expected<std::uint64_t, errc> length_of(std::uint64_t field) const noexcept;
    /// The reverse, for a payload that ends in its first frame. Fails with `frame.wrong_size` if
    /// the field would be negative, or would mean that the frame is idle, and with
    /// `frame.too_large` above `full`.
    [[nodiscard]] tl::expected<std::uint64_t, errc> field_for(std::uint64_t length,
                                                              std::uint64_t full) const noexcept;
    /// The payload bytes of a frame that continues in the next, as we write it, and its field.
    [[nodiscard]] std::uint64_t fragment_bytes_max(std::uint64_t value_max) const noexcept {
        return masked(value_max) + static_cast<std::uint64_t>(adjust);
    }
    [[nodiscard]] std::uint64_t continuing_field(std::uint64_t value_max) const noexcept {
        const bool flagged = joins_by_flag && !flag_is_last;
        return masked(value_max) | (flagged ? std::uint64_t{1} << flag_bit : 0);
    }
    /// A field above this announces more than `length_max`, and is not idle.
    [[nodiscard]] std::uint64_t field_max(std::uint64_t length_max) const noexcept;

    void write_before(std::string& out) const;
    void write_trailer(std::string& out) const;
    /// `after 01 02: `, `, + adjust -4`: the explanation of a header whose field is explained
    /// already.
    [[nodiscard]] std::string explain_before(bytes header) const;
    [[nodiscard]] std::string explain_field(std::uint64_t field) const;
    void describe(length_layout& layout) const;
};

}  // namespace framewire
