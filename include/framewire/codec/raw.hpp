#pragma once

#include "framewire/codec/codec.hpp"

#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// Returns the input of each call as a payload.
class raw_decoder {
public:
    explicit raw_decoder(bound limit) noexcept : limit_(limit) {}

    decoded next(bytes& input) noexcept;

    [[nodiscard]] frame_phase phase() const noexcept { return frame_phase::between_frames; }
    void start_at(std::uint64_t offset) noexcept { offset_ = frame_offset_ = offset; }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
    [[nodiscard]] std::uint64_t frame_offset() const noexcept { return frame_offset_; }
    [[nodiscard]] static std::uint64_t announced() noexcept { return unknown_length; }
    // Without a header and an end, nothing can be wrong or missing.
    [[nodiscard]] const wire_error& failure() const noexcept { return none_; }
    [[nodiscard]] wire_error truncation() const { return none_; }

private:
    bound limit_;
    std::uint64_t offset_ = 0;
    std::uint64_t frame_offset_ = 0;
    wire_error none_;
};

/// `raw`: no framing. A payload is what one read returns, so its borders mean nothing; `max`
/// limits its size.
struct raw {
    using decoder_type = raw_decoder;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }

    static result<raw> parse(spec_reader& /*spec*/) { return raw{}; }

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept { return raw_decoder(limit); }
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        return payload.size();
    }
    tl::expected<void, errc> begin(std::uint64_t /*announced*/,
                                   std::string& /*out*/) const noexcept {
        return {};
    }
    void end(std::string& /*out*/) const noexcept {}
    [[nodiscard]] frame_layout describe() const { return {}; }
};

static_assert(codec<raw>);

}  // namespace framewire
