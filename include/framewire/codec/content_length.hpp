#pragma once

#include "framewire/codec/detail/field_lines.hpp"
#include "framewire/codec/detail/prefixed_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// A header in lines as the length before a payload; see `field_lines`.
struct content_length_header {
    // Many times what editors send; bounds the work on a header that does not end.
    static constexpr std::size_t bytes_max = 4096;

    header_step advance(bytes input, std::uint64_t length_max) noexcept;
    void reset() noexcept { lines.reset(); }
    [[nodiscard]] std::uint64_t length() const noexcept { return lines.length(); }
    [[nodiscard]] std::size_t taken() const noexcept { return lines.taken(); }
    [[nodiscard]] std::size_t wanted() const noexcept { return lines.wanted(); }
    [[nodiscard]] std::string expectation() const { return lines.rules().expectation(); }
    /// Reads only what `content_length::begin` writes.
    [[nodiscard]] std::size_t peek(bytes input, std::uint64_t& length) const noexcept;
    [[nodiscard]] std::string_view recognise(const misread& what) const noexcept;

    field_lines lines{};
};

/// `content-length`: `Content-Length: 5\r\n\r\nhello`, as in the Language Server Protocol ("Base
/// Protocol"); other header fields are allowed and dropped. `kept_message` keeps them.
struct content_length {
    using decoder_type = prefixed_decoder<content_length_header>;
    static constexpr bool announces_length = true;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return false; }

    static result<content_length> parse(spec_reader& spec);

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {counting::in_bytes, limit, content_length_header{field_lines(rules)}};
    }
    /// Fails with `frame.too_large` if the length has more than ten digits.
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& out) const {
        return rules.write(announced, out);
    }
    void end(std::string& /*out*/) const noexcept {}
    [[nodiscard]] frame_layout describe() const;
    [[nodiscard]] std::string describe_header(bytes header) const;

    field_rules rules{};
};

extern template class prefixed_decoder<content_length_header>;
static_assert(codec<content_length>);

}  // namespace framewire
