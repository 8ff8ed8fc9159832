#pragma once

#include "framewire/codec/detail/delimited_decoder.hpp"

#include <string>

namespace framewire {

class spec_reader;

/// `line`: a payload ends with LF, and a CR before it is dropped; LF is sent.
struct line {
    using decoder_type = delimited_decoder;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return false; }

    static result<line> parse(spec_reader& /*spec*/) { return line{}; }

    static constexpr framewire::boundary mark = framewire::boundary::line_end();

    [[nodiscard]] static const framewire::boundary& boundary() noexcept { return mark; }
    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {boundary(), std::nullopt, limit};
    }
    /// Fails with `frame.delimiter` if the payload contains an LF or ends with a CR.
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        return measure_delimited(payload, boundary());
    }
    tl::expected<void, errc> begin(std::uint64_t /*announced*/,
                                   std::string& /*out*/) const noexcept {
        return {};
    }
    void end(std::string& out) const { out += '\n'; }
    [[nodiscard]] frame_layout describe() const { return {.end = boundary()}; }
};

static_assert(codec<line>);

}  // namespace framewire
