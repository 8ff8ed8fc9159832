#pragma once

#include "framewire/codec/detail/decimal_length.hpp"
#include "framewire/codec/detail/value_codec.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// A FIX message (FIX tag=value encoding, "Message structure"): BeginString (8), BodyLength (9),
/// the body, CheckSum (10). The payload is field 8 and the body, each with the SOH that ends it;
/// fields 9 and 10 are checked, and written when it is sent.
class fix_scanner {
public:
    static constexpr std::string_view name = "a FIX message";
    static constexpr bool is_bare = false;
    /// Of field 8, with its SOH.
    static constexpr std::size_t begin_string_bytes_max = 32;

    scanned_part advance(bytes input, std::uint64_t payload_bytes_max) noexcept;
    void reset() noexcept { *this = {}; }
    [[nodiscard]] std::uint64_t wanted() const noexcept;
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] static bool may_end() noexcept { return false; }
    static void end(char /*last*/, std::string& /*out*/) noexcept {}

private:
    enum class place : std::uint8_t { begin_string, length_tag, length, body, checksum };

    optional_errc take_in_begin_string(char byte) noexcept;
    optional_errc take_in_length(char byte, std::uint64_t payload_bytes_max) noexcept;
    optional_errc take_in_checksum(char byte) noexcept;
    scanned_part take_body(bytes input) noexcept;

    decimal_length length_;
    std::uint64_t left_ = 0;  // of the body
    std::uint8_t sum_ = 0;
    std::uint8_t taken_ = 0;  // of the present field
    place place_ = place::begin_string;
    bool complete_ = false;
};

extern template class value_decoder<fix_scanner>;

/// `fix`: see `fix_scanner`.
struct fix {
    using decoder_type = value_decoder<fix_scanner>;
    static constexpr bool announces_length = true;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }

    static result<fix> parse(spec_reader& /*spec*/) { return fix{}; }

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept { return {{}, limit}; }
    /// Fails with `frame.syntax` if field 8 is wrong, and with `frame.wrong_size` if no body
    /// follows it.
    tl::expected<void, errc> append(open_frame& frame, bytes data, std::string& out) const;
    /// Fails with `frame.syntax` if the body does not end with SOH.
    tl::expected<void, errc> finish(const open_frame& frame, std::string& out) const;
    [[nodiscard]] frame_layout describe() const { return {.own = grammar::fix}; }
};

static_assert(codec<fix>);

}  // namespace framewire
