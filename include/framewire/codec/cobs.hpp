#pragma once

#include "framewire/codec/detail/reading_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

class cobs_reader {
public:
    reading_step read(bytes input) noexcept;
    [[nodiscard]] std::size_t wanted() const noexcept { return std::size_t{1} + left_; }
    [[nodiscard]] bytes end_name() const noexcept { return {&zero_, 1}; }
    [[nodiscard]] complaint complain(bytes beginning, bytes input) const;

private:
    char zero_ = '\0';  // what a block of less than the most bytes stands for after it
    std::uint8_t left_ = 0;
    bool inside_ = false;
    bool zero_follows_ = false;
};

/// `cobs`: consistent overhead byte stuffing (Cheshire and Baker, 1999): blocks without a zero,
/// each after a byte that says how long it is, and a zero at the end. Zeros between frames are
/// passed over.
struct cobs {
    using decoder_type = reading_decoder<cobs_reader>;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return false; }
    /// Of a block, without the byte before it.
    static constexpr std::size_t block_bytes_max = 254;

    static result<cobs> parse(spec_reader& /*spec*/) { return cobs{}; }

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept { return {{}, limit}; }
    tl::expected<void, errc> append(open_frame& frame, bytes data, std::string& out) const;
    tl::expected<void, errc> finish(const open_frame& frame, std::string& out) const;
    [[nodiscard]] frame_layout describe() const { return {.own = grammar::cobs}; }
};

static_assert(codec<cobs> && transforming_codec<cobs>);

}  // namespace framewire
