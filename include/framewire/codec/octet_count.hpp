#pragma once

#include "framewire/codec/detail/decimal_length.hpp"

#include <string>

namespace framewire {

class spec_reader;

/// `octet-count`: `5 hello`, as in syslog over TCP (RFC 6587, section 3.4.1). A length of 0, which
/// syslog does not use, is valid.
struct octet_count {
    using decoder_type = prefixed_decoder<decimal_header>;
    static constexpr bool announces_length = true;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }
    static constexpr decimal_header header{.terminator = ' '};

    static result<octet_count> parse(spec_reader& /*spec*/) { return octet_count{}; }

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {header, counting::in_bytes, limit};
    }
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        return payload.size();
    }
    /// Fails with `frame.too_large` if the length has more than ten digits.
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& out) const {
        return header.write(announced, out);
    }
    void end(std::string& /*out*/) const noexcept {}
    [[nodiscard]] frame_layout describe() const { return {.length = header.describe()}; }
};

static_assert(codec<octet_count>);

}  // namespace framewire
