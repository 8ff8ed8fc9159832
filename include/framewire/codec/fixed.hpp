#pragma once

#include "framewire/codec/detail/prefixed_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// An empty header: both sides know the length.
struct fixed_header {
    static constexpr bool is_empty = true;

    std::uint64_t size = 0;

    header_step advance(bytes /*input*/, std::uint64_t length_max) const noexcept {
        if (size > length_max) return {.error = errc::frame_too_large};
        return {.complete = true};
    }
    void reset() noexcept {}
    [[nodiscard]] std::uint64_t length() const noexcept { return size; }
    [[nodiscard]] std::size_t taken() const noexcept { return 0; }
    [[nodiscard]] std::size_t wanted() const noexcept { return 1; }
    [[nodiscard]] std::string expectation() const;
};

/// `fixed:N`: every frame is N bytes, all of them payload.
struct fixed {
    using decoder_type = prefixed_decoder<fixed_header>;
    static constexpr bool announces_length = true;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }

    std::uint64_t size = 0;

    static result<fixed> parse(spec_reader& spec);

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {counting::in_bytes, limit, fixed_header{size}};
    }
    /// Fails with `frame.wrong_size` for any payload that is not N bytes.
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept;
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& out) const noexcept;
    void end(std::string& /*out*/) const noexcept {}
    [[nodiscard]] frame_layout describe() const;
};

extern template class prefixed_decoder<fixed_header>;
static_assert(codec<fixed>);

}  // namespace framewire
