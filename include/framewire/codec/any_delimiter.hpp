#pragma once

#include "framewire/codec/detail/reading_decoder.hpp"
#include "framewire/codec/detail/short_bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// What ends payloads: one to four delimiters, none of which contains another.
struct delimiters {
    static constexpr std::size_t most = 4;

    std::array<short_bytes, most> marks;
    std::size_t count = 0;

    [[nodiscard]] auto begin() const noexcept { return marks.begin(); }
    [[nodiscard]] auto end() const noexcept { return marks.begin() + count; }
};

class any_delimiter_reader {
public:
    /// How many bytes were held back as the beginning of a delimiter, and of which.
    struct held_bytes {
        std::uint8_t size = 0;
        std::uint8_t mark = 0;
    };

    explicit any_delimiter_reader(const delimiters& ends) noexcept : ends_(ends) {}
    any_delimiter_reader(const delimiters& ends, held_bytes held) noexcept
        : ends_(ends), held_(held) {}

    reading_step read(bytes input) noexcept;
    [[nodiscard]] std::size_t wanted() const noexcept;
    [[nodiscard]] bytes end_name() const noexcept { return ends_.marks[0].view(); }
    [[nodiscard]] complaint complain(bytes /*beginning*/, bytes /*input*/) const { return {}; }
    [[nodiscard]] held_bytes held() const noexcept { return held_; }

private:
    reading_step resume(char byte) noexcept;
    bool hold(bytes rest) noexcept;

    delimiters ends_;
    held_bytes held_;
};

/// `delimiter:A,or=B`: a payload ends where one of these first occurs; the first is sent.
struct any_delimiter {
    using decoder_type = reading_decoder<any_delimiter_reader>;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return false; }

    delimiters ends;

    /// Requires: the option `or`.
    static result<any_delimiter> parse(spec_reader& spec);

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {any_delimiter_reader(ends), limit};
    }
    /// Fails with `frame.delimiter` if the payload contains one of them.
    tl::expected<void, errc> append(open_frame& frame, bytes data, std::string& out) const;
    /// Fails with `frame.delimiter` if the payload's end and what follows would be another.
    tl::expected<void, errc> finish(const open_frame& frame, std::string& out) const;
    [[nodiscard]] frame_layout describe() const;
};

static_assert(codec<any_delimiter> && transforming_codec<any_delimiter>);

}  // namespace framewire
