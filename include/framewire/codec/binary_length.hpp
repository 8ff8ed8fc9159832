#pragma once

#include "framewire/codec/detail/prefixed_decoder.hpp"
#include "framewire/codec/detail/word.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// The position of a binary length and what it counts.
struct binary_layout {
    static constexpr std::size_t magic_bytes_max = 16;
    static constexpr std::size_t lead_bytes_max = sample::bytes_max - magic_bytes_max;

    std::uint8_t width = 4;  ///< of the length, in bytes: 1, 2, 3, 4 or 8
    bool little_endian = false;
    std::uint8_t offset = 0;   ///< bytes before the length
    std::uint8_t lead = 0;     ///< the last of them that belong to the payload
    std::uint8_t trailer = 0;  ///< bytes after the payload
    /// Added to the length to get the payload's size without its lead.
    std::int64_t adjust = 0;
    /// What the bytes before the length must begin with.
    std::uint8_t magic_size = 0;
    std::array<char, magic_bytes_max> magic{};

    [[nodiscard]] bytes magic_bytes() const noexcept { return {magic.data(), magic_size}; }
};

/// A length in binary, read byte by byte or at once.
struct binary_header {
    binary_header() = default;
    explicit binary_header(const binary_layout& as) noexcept
        : layout(as),
          surplus_(static_cast<std::uint8_t>(8 * (word_bytes - as.width))),
          plain_(as.offset == 0 && as.adjust == 0) {}

    binary_layout layout{};

    header_step advance(bytes input, std::uint64_t length_max) noexcept;
    void reset() noexcept {
        taken_ = 0;
        value_ = 0;
    }
    [[nodiscard]] std::uint64_t length() const noexcept { return length_; }
    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }
    [[nodiscard]] std::size_t wanted() const noexcept {
        return layout.offset + layout.width - taken_;
    }
    [[nodiscard]] std::string expectation() const;

    [[nodiscard]] std::size_t peek(bytes input, std::uint64_t& length) const noexcept {
        if (input.size() < word_bytes || !plain_) return 0;
        auto word = load_word(input.data());
        word = layout.little_endian ? word << surplus_ : __builtin_bswap64(word);
        word >>= surplus_;
        if (word > length) return 0;
        length = word;
        return layout.width;
    }

    [[nodiscard]] std::size_t lead_at() const noexcept { return layout.magic_size; }
    [[nodiscard]] std::size_t lead_size() const noexcept { return layout.lead; }
    [[nodiscard]] std::size_t trailer_size() const noexcept { return layout.trailer; }
    [[nodiscard]] static bool accepts_in_trailer(char /*any*/) noexcept { return true; }

    /// False if other frames could have the same payload.
    [[nodiscard]] bool is_canonical() const noexcept { return layout.trailer == 0; }

    [[nodiscard]] std::string_view recognise(const misread& what) const noexcept;
    /// The value of the length field, for error messages.
    [[nodiscard]] std::uint64_t field() const noexcept { return value_; }

private:
    [[nodiscard]] bool is_text_sized(bytes beginning) const noexcept;
    [[nodiscard]] bool is_byte_swapped(const misread& what) const noexcept;

    std::uint8_t surplus_ = 32;  // bits of a word that do not belong to the length
    bool plain_ = true;
    std::size_t taken_ = 0;
    std::uint64_t value_ = 0;
    std::uint64_t length_ = 0;
};

/// `u8` `u16be` `u16le` `u24be` `u24le` `u32be` `u32le` `u64be` `u64le`
/// `[,magic=BYTES] [,lead=N] [,offset=N] [,adjust=±N] [,trailer=N]`: a binary length. The first
/// `lead` bytes of the payload come before it. With `offset`, bytes before it that are not magic,
/// and always those after the payload, may have any value and are sent as zeros.
struct binary_length {
    using decoder_type = prefixed_decoder<binary_header>;
    static constexpr bool announces_length = true;
    [[nodiscard]] bool is_canonical() const noexcept {
        return layout.offset == layout.magic_size + layout.lead && layout.trailer == 0;
    }

    binary_layout layout{};

    static result<binary_length> parse(spec_reader& spec);

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {binary_header(layout), counting::in_bytes, limit};
    }
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        return payload.size();
    }
    [[nodiscard]] std::size_t lead() const noexcept { return layout.lead; }
    /// Fails with `frame.too_large` if the length does not fit, and with `frame.wrong_size` if
    /// `adjust` would make it negative, or the payload has not even its lead.
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& out) const;
    void write_length(std::uint64_t announced, std::string& out) const;
    void end(std::string& out) const { out.append(layout.trailer, '\0'); }
    [[nodiscard]] frame_layout describe() const;
    [[nodiscard]] std::string describe_header(bytes header) const;
};

extern template class prefixed_decoder<binary_header>;
static_assert(codec<binary_length>);

}  // namespace framewire
