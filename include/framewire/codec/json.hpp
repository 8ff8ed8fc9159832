#pragma once

#include "framewire/codec/detail/value_codec.hpp"

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// A JSON text (RFC 8259). White space before it is passed over. A number ends at white space,
/// which is no part of the payload; other texts end by themselves. The bytes of strings need not
/// be UTF-8.
class json_scanner {
public:
    static constexpr std::string_view name = "a JSON text";
    static constexpr auto own = grammar::json;
    static constexpr bool is_canonical = false;  // a number may end at any white space
    static constexpr bool is_bare = true;
    /// Deeper nesting is refused, as the parsers of services may recurse.
    static constexpr std::size_t nesting_max = 128;

    scanned_part advance(bytes input, std::uint64_t payload_bytes_max) noexcept;
    void reset() noexcept { *this = {}; }
    [[nodiscard]] std::uint64_t wanted() const noexcept { return depth_ > 0 ? depth_ : 1; }
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] static bool is_space(char byte) noexcept {
        return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
    }
    [[nodiscard]] static std::string_view recognise(bytes beginning) noexcept;
    [[nodiscard]] bool may_end() const noexcept { return depth_ == 0 && is_whole_number(); }
    /// LF after a number, and nothing after another text: only numbers end with a digit.
    static void end(char last, std::string& out);

private:
    enum class place : std::uint8_t {
        start,
        value,
        first_value,  // or the array's end
        key,
        first_key,  // or the object's end
        colon,
        next,  // a comma or the container's end
        string,
        escape,
        code,     // four hexadecimal digits
        literal,  // of which `rest_` is missing
        // Of a number:
        minus,
        zero,
        integer,
        point,
        fraction,
        exponent,
        exponent_sign,
        exponent_digits,
    };

    bool take(char byte) noexcept;
    bool take_value(char byte) noexcept;
    bool take_in_string(char byte) noexcept;
    bool take_in_number(char byte) noexcept;
    bool take_next(char byte) noexcept;
    bool open(bool object) noexcept;
    bool close() noexcept;
    bool move(bool is_right, place to) noexcept;
    void end_value() noexcept;
    [[nodiscard]] bool is_whole_number() const noexcept {
        return place_ == place::zero || place_ == place::integer || place_ == place::fraction ||
               place_ == place::exponent_digits;
    }
    [[nodiscard]] bool in_number() const noexcept { return place_ >= place::minus; }

    std::bitset<nesting_max> objects_;  // which of the open containers are objects
    std::string_view rest_;
    std::uint8_t depth_ = 0;
    std::uint8_t digits_left_ = 0;
    place place_ = place::start;
    bool is_key_ = false;
    bool complete_ = false;
};

extern template class value_decoder<json_scanner>;

/// `json`: a payload is one JSON text.
using json_text = value_codec<json_scanner>;
static_assert(codec<json_text>);

}  // namespace framewire
