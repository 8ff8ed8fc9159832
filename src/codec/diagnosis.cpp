#include "framewire/codec/diagnosis.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace framewire {
namespace {

constexpr std::array<bytes, 9> http_methods{"GET ",   "POST ",    "PUT ",   "HEAD ",   "DELETE ",
                                            "PATCH ", "OPTIONS ", "TRACE ", "CONNECT "};

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

}  // namespace

std::string_view looks_like(bytes beginning) noexcept {
    constexpr std::size_t telling = 4;  // fewer bytes than this prove nothing
    if (beginning.size() < telling) return {};
    if (std::ranges::any_of(http_methods, [&](bytes m) { return beginning.starts_with(m); })) {
        return "looks like an HTTP request";
    }
    if (beginning.starts_with("HTTP/")) return "looks like an HTTP response";
    if (beginning.starts_with("SSH-")) return "looks like an SSH banner";
    if (beginning.starts_with("\x16\x03")) return "looks like a TLS ClientHello";
    if (beginning.starts_with("\x15\x03")) return "looks like a TLS alert";
    if (beginning.substr(1).find("SMB") < 8) return "looks like SMB";
    if (is_all(beginning, '\0')) return "nothing but zero bytes";
    if (is_all(beginning, '\xFF')) return "nothing but 0xff bytes";
    const auto zeros = beginning.substr(0, 3);
    if (is_all(zeros, '\0')) return "looks like a binary length sent to a decimal framing";
    const auto first = static_cast<unsigned char>(beginning.front());
    if (std::isalpha(first) != 0 && is_text(beginning)) return "looks like text without a header";
    return {};
}

}  // namespace framewire
