#pragma once

#include "framewire/codec/detail/prefixed_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// An unsigned LEB128 number, seven bits per byte and the lowest first, as in Protocol Buffers
/// ("Base 128 Varints"); at most ten bytes, and never longer than needed.
struct varint_header {
    static constexpr std::size_t bytes_max = 10;

    header_step advance(bytes input, std::uint64_t length_max) noexcept;
    void reset() noexcept { *this = {}; }
    [[nodiscard]] std::uint64_t length() const noexcept { return value_; }
    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }
    [[nodiscard]] std::size_t wanted() const noexcept { return 1; }
    [[nodiscard]] std::string expectation() const;

    [[nodiscard]] std::size_t peek(bytes input, std::uint64_t& length) const noexcept {
        if (input.size() < bytes_max) return 0;
        const std::uint64_t low = static_cast<std::uint8_t>(input[0]);
        const std::uint64_t high = static_cast<std::uint8_t>(input[1]);
        const bool short_one = low < 0x80;
        if (!short_one && (high >= 0x80 || high == 0)) return 0;
        const auto value = short_one ? low : (low & 0x7F) | high << 7;
        if (value > length) return 0;
        length = value;
        return short_one ? 1 : 2;
    }

    [[nodiscard]] static std::string_view recognise(const misread& what) noexcept;

    // State, public because this is an aggregate that is reset by assignment.
    std::size_t taken_ = 0;
    std::uint64_t value_ = 0;
};

/// `varint`: the length as an unsigned LEB128 number.
struct varint {
    using decoder_type = prefixed_decoder<varint_header>;
    static constexpr bool announces_length = true;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }

    static result<varint> parse(spec_reader& /*spec*/) { return varint{}; }

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {varint_header{}, counting::in_bytes, limit};
    }
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        return payload.size();
    }
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& out) const;
    void end(std::string& /*out*/) const noexcept {}
    [[nodiscard]] frame_layout describe() const;
    [[nodiscard]] std::string describe_header(bytes header) const;
};

extern template class prefixed_decoder<varint_header>;
static_assert(codec<varint>);

}  // namespace framewire
