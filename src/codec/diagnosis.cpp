#include "framewire/codec/detail/diagnosis.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace framewire {
namespace {

constexpr std::array<bytes, 10> http_methods{"PRI ",   "GET ",    "POST ",  "PUT ",
                                             "HEAD ",  "DELETE ", "PATCH ", "OPTIONS ",
                                             "TRACE ", "CONNECT "};

bool is_text(bytes input) noexcept {
    return std::ranges::all_of(input, [](char byte) {
        const auto value = static_cast<unsigned char>(byte);
        return value >= 0x80 || (value >= 0x20 && value != 0x7F) ||
               (value >= '\t' && value <= '\r');
    });
}

bool is_all(bytes input, char byte) noexcept {
    return std::ranges::all_of(input, [&](char other) { return other == byte; });
}

// Fewer bytes than this prove nothing.
constexpr std::size_t telling = 4;

}  // namespace

std::string_view looks_like_protocol(bytes beginning) noexcept {
    if (beginning.size() < telling) return {};
    if (std::ranges::any_of(http_methods, [&](bytes m) { return beginning.starts_with(m); })) {
        return "looks like an HTTP request";
    }
    if (beginning.starts_with("HTTP/")) return "looks like an HTTP response";
    if (beginning.starts_with("SSH-")) return "looks like an SSH banner";
    if (beginning.starts_with("220 ") || beginning.starts_with("220-")) {
        return "looks like the greeting of an SMTP or FTP server";
    }
    // A record: type, two bytes of version, two of length, then the message's type.
    const bool is_tls = beginning[1] == 3 && static_cast<std::uint8_t>(beginning[2]) <= 4;
    if (is_tls && beginning[0] == 0x16 && (beginning.size() < 6 || beginning[5] == 1)) {
        return "looks like a TLS ClientHello";
    }
    if (is_tls && beginning[0] == 0x15 && beginning[3] == 0) return "looks like a TLS alert";
    // After four bytes of length; the versions differ in the first byte.
    const auto smb = beginning.substr(0, 8);
    if (smb.find("\xFFSMB") != bytes::npos || smb.find("\xFESMB") != bytes::npos) {
        return "looks like SMB";
    }
    if (is_all(beginning, '\0')) return "nothing but zero bytes";
    if (is_all(beginning, '\xFF')) return "nothing but 0xff bytes";
    return {};
}

// Text has no NUL, and a length in two to eight bytes has one unless it is very long.
bool looks_like_binary_length(bytes beginning) noexcept {
    constexpr std::size_t length_bytes_max = 8;
    if (beginning.size() < telling || is_text(beginning.substr(0, telling))) return false;
    return beginning.substr(0, length_bytes_max).find('\0') != bytes::npos;
}

bool looks_like_decimal_length(bytes beginning) noexcept {
    const auto digits = std::min(beginning.find_first_not_of("0123456789"), beginning.size());
    const auto next = beginning.substr(digits);
    const bool ends = next.starts_with(':') || next.starts_with(' ');  // netstring, octet-count
    return beginning.size() >= telling && (digits >= telling || (digits > 0 && ends));
}

// After a digit, no other kind of length is plausible.
std::string_view recognise_instead_of_digits(const misread& what) noexcept {
    const auto first = static_cast<unsigned char>(what.beginning.front());
    if (std::isdigit(first) != 0) return {};
    if (what.frames_follow && what.code == errc::frame_syntax) return in_the_middle;
    if (looks_like_binary_length(what.beginning)) {
        return "looks like a binary length sent to a decimal framing";
    }
    return looks_like_text(what.beginning);
}

std::string_view looks_like_text(bytes beginning) noexcept {
    if (beginning.size() < telling || !is_text(beginning)) return {};
    const auto first = static_cast<unsigned char>(beginning.front());
    const bool worded = std::isalpha(first) != 0 || beginning.starts_with('{') ||
                        beginning.starts_with('<') || beginning.starts_with('[');
    return worded ? "looks like text without a header" : std::string_view{};
}

}  // namespace framewire
