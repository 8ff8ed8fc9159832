#pragma once

#include "framewire/codec/detail/optional_errc.hpp"
#include "framewire/codec/detail/value_codec.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// One encoding of the Basic Encoding Rules (ITU-T X.690, section 8.1): identifier, length and
/// contents. The contents are not read, unless an indefinite length makes their end unknown.
class ber_scanner {
public:
    static constexpr std::string_view name = "a BER encoding";
    static constexpr auto own = grammar::ber;
    static constexpr bool is_canonical = true;
    static constexpr bool is_bare = true;
    /// Of indefinite lengths.
    static constexpr std::size_t nesting_max = 128;
    /// Bytes of an identifier after the first: tag numbers below 2^28.
    static constexpr std::size_t tag_bytes_max = 4;
    static constexpr std::size_t length_bytes_max = 8;
    static constexpr std::uint64_t length_max = std::uint64_t{1} << 62;

    scanned_part advance(bytes input, std::uint64_t payload_bytes_max) noexcept;
    void reset() noexcept { *this = {}; }
    [[nodiscard]] std::uint64_t wanted() const noexcept;
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] static std::string_view recognise(bytes beginning) noexcept;
    [[nodiscard]] static bool may_end() noexcept { return false; }
    static void end(char /*last*/, std::string& /*out*/) noexcept {}

private:
    enum class place : std::uint8_t { identifier, tag, length, length_bytes, contents, end };

    optional_errc take(std::uint8_t byte, std::uint64_t room) noexcept;
    optional_errc take_identifier(std::uint8_t byte) noexcept;
    optional_errc take_tag(std::uint8_t byte) noexcept;
    optional_errc take_length(std::uint8_t byte, std::uint64_t room) noexcept;
    optional_errc begin_contents(std::uint64_t room) noexcept;
    void end_value() noexcept;

    std::uint64_t left_ = 0;  // of the contents, or the length read so far
    std::uint8_t depth_ = 0;  // open encodings of indefinite length
    std::uint8_t count_ = 0;  // bytes of the tag read, or of the length missing
    place place_ = place::identifier;
    bool constructed_ = false;
    bool complete_ = false;
};

extern template class value_decoder<ber_scanner>;

/// `ber`: a payload is one BER encoding, identifier and length included.
using ber = value_codec<ber_scanner>;
static_assert(codec<ber>);

}  // namespace framewire
