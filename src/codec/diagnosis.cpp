#include "framewire/codec/detail/diagnosis.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace framewire {

bool reads_as_text(bytes input) noexcept {
    return std::ranges::all_of(input, [](char byte) {
        const auto value = static_cast<unsigned char>(byte);
        return value >= 0x80 || (value >= 0x20 && value != 0x7F) ||
               (value >= '\t' && value <= '\r');
    });
}

namespace {

constexpr std::array<bytes, 9> http_methods{"GET ",   "POST ",  "PUT ",     "HEAD ",   "DELETE ",
                                            "PATCH ", "TRACE ", "OPTIONS ", "CONNECT "};

// Beginnings that need nothing after them. Where one begins with another, the longer comes first.
struct opening {
    bytes beginning;
    std::string_view sentence;
};
constexpr std::array<opening, 14> openings{{
    {"PRI * HTTP/2", "looks like HTTP/2"},
    {"HTTP/", "looks like an HTTP response"},
    {"SIP/2.0 ", "looks like a SIP response"},
    {"RTSP/1.0 ", "looks like an RTSP response"},
    {"SSH-", "looks like an SSH banner"},
    {"220 ", "looks like the greeting of an SMTP or FTP server"},
    {"220-", "looks like the greeting of an SMTP or FTP server"},
    {"PROXY TCP", "looks like a PROXY header"},
    {"PROXY UNKNOWN", "looks like a PROXY header"},
    {bytes("\r\n\r\n\0\r\nQUIT\n", 12), "looks like a PROXY header"},
    {bytes("AMQP\0\0\x09\x01", 8), "looks like AMQP 0-9-1"},
    {bytes("AMQP\0\1\0\0", 8), "looks like AMQP 1.0"},
    {bytes("AMQP\3\1\0\0", 8), "looks like AMQP 1.0"},
    {"\x13"
     "BitTorrent protocol",
     "looks like a BitTorrent handshake"},
}};

bool is_in_capitals(bytes word) noexcept {
    return !word.empty() && std::ranges::all_of(word, [](char byte) {
        return (byte >= 'A' && byte <= 'Z') || byte == '_';
    });
}

// The request line of HTTP, or of those that borrowed it.
std::string_view looks_like_request(bytes beginning) noexcept {
    const auto space = beginning.find(' ');
    if (space == bytes::npos || !is_in_capitals(beginning.substr(0, space))) return {};
    const auto target = beginning.substr(space + 1);
    if (target.starts_with("sip:") || target.starts_with("sips:")) {
        return "looks like a SIP request";
    }
    if (target.starts_with("rtsp:") || target.starts_with("rtsps:") || target.starts_with("* R")) {
        return "looks like an RTSP request";
    }
    const auto is_http =
        std::ranges::any_of(http_methods, [&](bytes m) { return beginning.starts_with(m); });
    return is_http ? "looks like an HTTP request" : std::string_view{};
}

bool is_all(bytes input, char byte) noexcept {
    return std::ranges::all_of(input, [&](char other) { return other == byte; });
}

// Fewer bytes than this prove nothing.
constexpr std::size_t telling = 4;

std::size_t leading_digits(bytes input) noexcept {
    return std::min(input.find_first_not_of("0123456789"), input.size());
}

// Tutorials teach widths up to ten, and no length of one digit.
constexpr std::array<std::string_view, 9> widths{
    "looks like a length of 2 digits (digits:2)",  "looks like a length of 3 digits (digits:3)",
    "looks like a length of 4 digits (digits:4)",  "looks like a length of 5 digits (digits:5)",
    "looks like a length of 6 digits (digits:6)",  "looks like a length of 7 digits (digits:7)",
    "looks like a length of 8 digits (digits:8)",  "looks like a length of 9 digits (digits:9)",
    "looks like a length of 10 digits (digits:10)"};
constexpr std::size_t width_min = 2;

// Digits, then a payload that is as long as they say: it ends there, or another such length
// follows. A leading zero is a sign of a fixed width, so that as much as has come is enough.
bool is_length_of(bytes input, std::size_t width) noexcept {
    std::size_t length = 0;
    for (const char digit : input.substr(0, width)) {
        length = length * 10 + static_cast<std::size_t>(digit - '0');
    }
    const auto rest = input.substr(width);
    if (length == 0) return false;
    if (rest.size() < length) {
        return input.starts_with('0') && rest.size() >= telling && reads_as_text(rest);
    }
    const auto next = rest.substr(length);
    return next.empty() || leading_digits(next.substr(0, width)) == std::min(width, next.size());
}

// A line end, and then perhaps another message.
bool begins_with_line_end(bytes input) noexcept {
    const auto end = input.starts_with("\r\n") ? 2U : input.starts_with('\n') ? 1U : 0U;
    return end != 0 &&
           (end == input.size() || std::isdigit(static_cast<unsigned char>(input[end])) != 0);
}

}  // namespace

std::string_view looks_like_protocol(bytes beginning) noexcept {
    if (beginning.size() < telling) return {};
    for (const auto& one : openings) {
        if (beginning.starts_with(one.beginning)) return one.sentence;
    }
    if (const auto request = looks_like_request(beginning); !request.empty()) return request;
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

bool begins_protocol(bytes header) noexcept {
    if (header.size() < telling) return false;
    const auto agrees = [&](bytes known) {
        return known.starts_with(header) || header.starts_with(known);
    };
    return std::ranges::any_of(http_methods, agrees) ||
           std::ranges::any_of(openings, agrees, &opening::beginning) ||
           looks_like_protocol(header).starts_with("looks ");
}

// Text has no NUL, and a length in two to eight bytes has one unless it is very long.
bool looks_like_binary_length(bytes beginning) noexcept {
    constexpr std::size_t length_bytes_max = 8;
    if (beginning.size() < telling || reads_as_text(beginning.substr(0, telling))) return false;
    return beginning.substr(0, length_bytes_max).find('\0') != bytes::npos;
}

bool looks_like_decimal_length(bytes beginning) noexcept {
    const auto digits = leading_digits(beginning);
    const auto next = beginning.substr(digits);
    const bool ends = next.starts_with(':') || next.starts_with(' ');  // netstring, octet-count
    return beginning.size() >= telling && (digits >= telling || (digits > 0 && ends));
}

// After a digit, no other kind of length is plausible.
std::string_view recognise_instead_of_digits(const misread& what) noexcept {
    const auto first = static_cast<unsigned char>(what.beginning.front());
    if (std::isdigit(first) != 0) return {};
    if (begins_with_line_end(what.beginning)) {
        return "looks like a line end after a message: does the peer send one?";
    }
    if (what.frames_follow && what.code == errc::frame_syntax) return in_the_middle;
    if (looks_like_binary_length(what.beginning)) {
        return "looks like a binary length sent to a decimal framing";
    }
    return looks_like_text(what.beginning);
}

std::string_view recognise_other_width(const misread& what, std::size_t width,
                                       bool padded_right) noexcept {
    if (what.code != errc::frame_length_syntax) return {};
    const auto header = what.beginning.substr(0, width);
    const auto digits = leading_digits(header);
    if (header.size() == width && digits == 0) {
        const auto spaces = std::min(header.find_first_not_of(' '), width);
        if (spaces > 0 && spaces < width &&
            leading_digits(header.substr(spaces)) == width - spaces) {
            return "looks padded with spaces before the digits: pad=left-space";
        }
    }
    if (header.size() == width && digits > 0 && digits < width && !padded_right &&
        is_all(header.substr(digits), ' ')) {
        return "looks padded with spaces: pad=space";
    }
    if (digits == width) return "looks padded with zeros: pad=zero";
    // The zeros before these digits were empty messages.
    const auto wider = what.offset + digits;
    if (what.offset > 0 && what.offset % width == 0 && digits > 0 &&
        wider < width_min + widths.size() && is_length_of(what.beginning, digits)) {
        return widths.at(static_cast<std::size_t>(wider) - width_min);
    }
    const bool is_other =
        digits >= width_min && digits < std::min(width, width_min + widths.size());
    return is_other && is_length_of(what.beginning, digits) ? widths.at(digits - width_min)
                                                            : std::string_view{};
}

std::string_view looks_like_text(bytes beginning) noexcept {
    if (beginning.size() < telling || !reads_as_text(beginning)) return {};
    const auto first = static_cast<unsigned char>(beginning.front());
    const bool worded = std::isalpha(first) != 0 || beginning.starts_with('{') ||
                        beginning.starts_with('<') || beginning.starts_with('[');
    return worded ? "looks like text without a header" : std::string_view{};
}

}  // namespace framewire
