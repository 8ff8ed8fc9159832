#include "tls_opening.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

constexpr unsigned char handshake_record = 0x16;
constexpr unsigned char alert_record = 0x15;
constexpr unsigned char major_version = 3;

bool is_http(bytes wire) {
    return std::ranges::any_of(std::array{"GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "HTTP/"},
                               [wire](bytes verb) { return wire.starts_with(verb); });
}

wire_error plaintext(bytes wire) {
    constexpr std::size_t quoted_max = 16;
    return {errc::tls_plaintext, 0,
            fmt::format("{} is not TLS{}", quote(wire, quoted_max),
                        is_http(wire) ? ", it looks like HTTP" : "")};
}

}  // namespace

wire_result<void> tls_opening::receive(bytes wire) {
    const auto before = size_;
    for (const char byte : wire.substr(0, seen_.size() - size_)) {
        seen_.at(size_++) = static_cast<unsigned char>(byte);
    }
    if (size_ == 0) return {};
    const bool is_tls =
        (seen_[0] == handshake_record || (!from_client_ && seen_[0] == alert_record)) &&
        (size_ < 2 || seen_[1] == major_version);
    if (!is_tls) {
        // Its first byte was right, and came alone.
        if (before == 1) return tl::unexpected(plaintext(std::string("\x16").append(wire)));
        return tl::unexpected(plaintext(wire));
    }
    if (!from_client_ || !done()) return {};
    const auto announced =
        (std::size_t{seen_[6]} << 16U) | (std::size_t{seen_[7]} << 8U) | seen_[8];
    if (announced <= client_hello_max) return {};
    return tl::unexpected(
        wire_error{errc::tls_handshake, 0,
                   fmt::format("the ClientHello has {} bytes, and at most {} are allowed",
                               announced, client_hello_max)});
}

}  // namespace framewire
