#pragma once

#include "framewire/codec/content_length.hpp"
#include "framewire/codec/detail/kept_scan.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace framewire {

class spec_reader;

/// `content-length` with `fields=keep`: a payload is a message as it came, with its header, as in
/// HTTP (RFC 9112), SIP (RFC 3261, section 18.3) and RTSP. So nothing of it is lost, and a message
/// whose header announces another size than its body has is not sent.
struct kept_message {
    using decoder_type = kept_decoder;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }

    kept_rules rules{};

    /// What a spec with or without `fields=keep` is.
    using either = std::variant<content_length, kept_message>;
    static result<either> parse(spec_reader& spec);

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept { return {rules, limit}; }
    /// Fails with the error that a decoder would find, and with `frame.wrong_size` for a body that
    /// is longer than announced.
    tl::expected<void, errc> append(open_frame& frame, bytes data, std::string& out) const;
    /// Fails with `frame.syntax` in a header, and with `frame.wrong_size` in a body.
    tl::expected<void, errc> finish(const open_frame& frame, std::string& out) const;
    [[nodiscard]] frame_layout describe() const;
};

static_assert(codec<kept_message> && transforming_codec<kept_message>);

}  // namespace framewire
