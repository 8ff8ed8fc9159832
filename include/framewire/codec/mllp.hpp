#pragma once

#include "framewire/codec/detail/delimited_decoder.hpp"

#include <string>

namespace framewire {

class spec_reader;

/// `mllp`: 0x0B, payload, 0x1C 0x0D, around HL7 messages ("Transport Specification: Minimal Lower
/// Layer Protocol", release 1).
struct mllp {
    using decoder_type = delimited_decoder;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }
    static constexpr char lead = '\x0B';
    static constexpr framewire::boundary mark{"\x1C\r"};

    static result<mllp> parse(spec_reader& /*spec*/) { return mllp{}; }

    [[nodiscard]] static const framewire::boundary& boundary() noexcept { return mark; }
    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {boundary(), lead, limit};
    }
    /// Fails with `frame.delimiter` if the payload contains 0x1C 0x0D.
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        return measure_delimited(payload, boundary());
    }
    tl::expected<void, errc> begin(std::uint64_t /*announced*/, std::string& out) const {
        out += lead;
        return {};
    }
    void end(std::string& out) const { out += boundary().mark(); }
    [[nodiscard]] frame_layout describe() const { return {.start = {lead}, .end = boundary()}; }
};

static_assert(codec<mllp>);

}  // namespace framewire
