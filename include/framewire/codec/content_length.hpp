#pragma once

#include "framewire/codec/detail/decimal_length.hpp"
#include "framewire/codec/detail/prefixed_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// Header fields, one of them `Content-Length`, and an empty line, as in the Language Server
/// Protocol ("Base Protocol"). Strict: exactly one space after the colon, CRLF at the end of every
/// line, and no second length.
struct content_length_header {
    // Many times what editors send; bounds the work on a header that does not end.
    static constexpr std::size_t bytes_max = 4096;

    header_step advance(bytes input, std::uint64_t length_max) noexcept;
    void reset() noexcept { *this = {}; }
    [[nodiscard]] std::uint64_t length() const noexcept { return number_.value(); }
    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }
    [[nodiscard]] std::size_t wanted() const noexcept;
    [[nodiscard]] std::string expectation() const;
    /// Reads only what `content_length::begin` writes.
    [[nodiscard]] std::size_t peek(bytes input, std::uint64_t& length) const noexcept;
    [[nodiscard]] static std::string_view recognise(const misread& what) noexcept;

    enum class place : std::uint8_t {
        line,    ///< at the start of a line
        name,    ///< in a field's name
        space,   ///< after the colon
        number,  ///< in the length
        value,   ///< in the value of another field
        line_feed,
        last_line_feed,
    };

    std::optional<errc> take(char byte, std::uint64_t length_max) noexcept;
    std::optional<errc> take_in_name(char byte) noexcept;
    std::optional<errc> take_in_number(char byte, std::uint64_t length_max) noexcept;
    std::optional<errc> take_in_value(char byte) noexcept;

    // State, public because this is an aggregate that is reset by assignment.
    place place_ = place::line;
    std::uint8_t matched_ = 0;  // letters of the name that match Content-Length
    bool name_matches_ = false;
    bool found_ = false;  // a Content-Length
    bool complete_ = false;
    std::uint16_t taken_ = 0;
    decimal_length number_{};
};

/// `content-length`: `Content-Length: 5\r\n\r\nhello`; other header fields are allowed and
/// ignored.
struct content_length {
    using decoder_type = prefixed_decoder<content_length_header>;
    static constexpr bool announces_length = true;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return false; }

    static result<content_length> parse(spec_reader& /*spec*/) { return content_length{}; }

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {content_length_header{}, counting::in_bytes, limit};
    }
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        return payload.size();
    }
    /// Fails with `frame.too_large` if the length has more than ten digits.
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& out) const;
    void end(std::string& /*out*/) const noexcept {}
    [[nodiscard]] frame_layout describe() const;
    [[nodiscard]] std::string describe_header(bytes header) const;
};

extern template class prefixed_decoder<content_length_header>;
static_assert(codec<content_length>);

}  // namespace framewire
