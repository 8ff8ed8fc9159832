#pragma once

#include "framewire/codec/detail/decimal_length.hpp"
#include "framewire/codec/detail/value_codec.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// A value of the Redis serialization protocol, versions 2 and 3 (RESP), with all values that it
/// contains, and with its attribute. Lengths are decimal without leading zeros; streamed strings
/// and aggregates, which no server sends, are refused.
class resp_scanner {
public:
    static constexpr std::string_view name = "a RESP value";
    static constexpr auto own = grammar::resp;
    static constexpr bool is_canonical = true;
    static constexpr bool is_bare = true;

    scanned_part advance(bytes input, std::uint64_t payload_bytes_max) noexcept;
    void reset() noexcept { *this = {}; }
    [[nodiscard]] std::uint64_t wanted() const noexcept;
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] static std::string_view recognise(bytes beginning) noexcept;
    [[nodiscard]] static bool may_end() noexcept { return false; }
    static void end(char /*last*/, std::string& /*out*/) noexcept {}

private:
    enum class place : std::uint8_t {
        type,
        text,
        number,  // `:`, `(` and `,`
        length,
        null_digit,  // of $-1
        truth,
        line_end,
        line_feed,
        data,
        data_end,
        data_line_feed,
    };

    optional_errc take(char byte, std::uint64_t room) noexcept;
    optional_errc take_type(char byte) noexcept;
    optional_errc take_in_number(char byte) noexcept;
    optional_errc take_in_length(char byte, std::uint64_t room) noexcept;
    optional_errc end_line(std::uint64_t room) noexcept;
    optional_errc contain(std::uint64_t values, std::uint64_t room) noexcept;
    optional_errc expect(bool is_right, place next) noexcept;
    void end_value() noexcept;

    std::uint64_t values_left_ = 1;
    std::uint64_t data_left_ = 0;
    decimal_length length_;
    place place_ = place::type;
    char type_ = '\0';
    bool empty_ = true;  // no digit of a number was read yet
    bool signed_ = false;
    bool null_ = false;
};

extern template class value_decoder<resp_scanner>;

/// `resp`: a payload is one RESP value.
using resp = value_codec<resp_scanner>;
static_assert(codec<resp>);

}  // namespace framewire
