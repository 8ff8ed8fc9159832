#pragma once

#include "framewire/codec/detail/delimited_decoder.hpp"

#include <string>

namespace framewire {

class spec_reader;

/// `delimiter:BYTES`: a payload ends where these bytes first occur.
struct delimiter {
    using decoder_type = delimited_decoder;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }

    framewire::boundary mark;

    static result<delimiter> parse(spec_reader& spec);

    [[nodiscard]] const framewire::boundary& boundary() const noexcept { return mark; }
    [[nodiscard]] decoder_type decoder(bound limit) const noexcept { return {mark, limit}; }
    /// Fails with `frame.delimiter` if the delimiter would occur before the payload's end.
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        return measure_delimited(payload, mark);
    }
    void end(std::string& out) const { out += mark.mark(); }
    [[nodiscard]] frame_layout describe() const { return {.end = mark}; }
};

static_assert(codec<delimiter>);

}  // namespace framewire
