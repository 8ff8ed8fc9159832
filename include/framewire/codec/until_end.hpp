#pragma once

#include "framewire/codec/detail/frame_progress.hpp"

#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// Returns all input as one payload, which ends with the stream.
class until_end_decoder : public frame_progress {
public:
    explicit until_end_decoder(bound limit) noexcept : frame_progress(limit) {}

    decoded next(bytes& input);
    decoded end_of_stream();
    [[nodiscard]] wire_error truncation() const { return truncated_before({}); }
};

/// `eof`: one payload, which ends where the peer ends its stream. A stream without a byte has
/// none.
struct until_end {
    using decoder_type = until_end_decoder;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return false; }

    static result<until_end> parse(spec_reader& /*spec*/) { return until_end{}; }

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return until_end_decoder(limit);
    }
    /// Fails with `frame.wrong_size` if the payload is empty and could not be seen.
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        if (payload.empty()) return tl::unexpected(errc::frame_wrong_size);
        return payload.size();
    }
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& /*out*/) const noexcept {
        if (announced == 0) return tl::unexpected(errc::frame_wrong_size);
        return {};
    }
    tl::expected<void, errc> append(open_frame& /*frame*/, bytes data, std::string& out) const {
        out += data;
        return {};
    }
    tl::expected<void, errc> finish(const open_frame& frame, std::string& /*out*/) const noexcept {
        if (frame.bytes_written == 0) return tl::unexpected(errc::frame_wrong_size);
        return {};
    }
    [[nodiscard]] frame_layout describe() const { return {.own = grammar::stream}; }
};

static_assert(codec<until_end> && decoder_until_the_end<until_end_decoder>);

}  // namespace framewire
