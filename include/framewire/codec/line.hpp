#pragma once

#include "framewire/codec/detail/delimited_decoder.hpp"

#include <string>

namespace framewire {

class spec_reader;

/// `line`: a payload ends with LF, and a CR before it is dropped; LF is sent, or CR LF with
/// `eol=crlf`. With `eol=lf` a CR before LF is payload.
struct line {
    using decoder_type = delimited_decoder;
    static constexpr bool announces_length = false;
    [[nodiscard]] bool is_canonical() const noexcept { return !mark.is_line_end(); }

    framewire::boundary mark = framewire::boundary::line_end();

    static result<line> parse(spec_reader& spec);

    [[nodiscard]] const framewire::boundary& boundary() const noexcept { return mark; }
    [[nodiscard]] decoder_type decoder(bound limit) const noexcept { return {mark, limit}; }
    /// Fails with `frame.delimiter` if the payload contains an LF, or ends with a CR that would be
    /// dropped.
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        return measure_delimited(payload, mark);
    }
    void end(std::string& out) const { out += mark.name(); }
    [[nodiscard]] frame_layout describe() const { return {.end = mark}; }
};

static_assert(codec<line>);

}  // namespace framewire
