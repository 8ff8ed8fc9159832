#pragma once

#include "framewire/codec/detail/decoder_state.hpp"

#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// Returns the input of each call as a payload.
class raw_decoder : public decoder_state {
public:
    explicit raw_decoder(bound limit) noexcept : decoder_state(limit) {}

    decoded next(bytes& input) noexcept;
    // Without a header and an end, nothing can be wrong or missing.
    [[nodiscard]] static wire_error truncation() { return {}; }
};

/// `raw`: no framing. A payload is what one read returns, so its borders mean nothing; `max`
/// limits its size.
struct raw {
    using decoder_type = raw_decoder;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }

    static result<raw> parse(spec_reader& /*spec*/) { return raw{}; }

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept { return raw_decoder(limit); }
    void end(std::string& /*out*/) const noexcept {}
    [[nodiscard]] frame_layout describe() const { return {}; }
};

static_assert(codec<raw>);

}  // namespace framewire
