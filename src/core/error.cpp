#include "framewire/core/error.hpp"

#include <fmt/format.h>
#include <array>
#include <cctype>

namespace framewire {
namespace {

struct description {
    std::string_view name;
    const char* meaning;
};

constexpr std::array<description, errc_count> descriptions{{
    {"frame.length_syntax", "the length is not written as the framing requires"},
    {"frame.syntax", "these bytes are not a frame"},
    {"frame.too_large", "the frame is larger than allowed"},
    {"frame.wrong_size", "the framing cannot carry a payload of this size"},
    {"frame.truncated", "the stream ended inside a frame"},
    {"frame.utf8", "the payload is not UTF-8"},
    {"frame.delimiter", "the payload contains the delimiter"},
    {"frame.flood", "too many tiny frames"},
    {"io.timeout_header", "the header took too long"},
    {"io.timeout_body", "the payload arrived too slowly"},
    {"io.timeout_idle", "nothing arrived for too long"},
    {"io.timeout_write", "the peer does not take its replies"},
    {"io.timeout_reply", "no reply in time"},
    {"io.reset", "the peer reset the connection"},
    {"io.closed", "the peer closed the connection"},
    {"io.failed", "reading or writing failed"},
    {"limit.connections", "too many connections"},
    {"limit.fd", "out of file descriptors"},
    {"limit.pushed", "the peer does not keep up"},
    {"limit.requests", "too many requests are waiting for a reply"},
    {"limit.address", "too many connections from this address"},
    {"limit.evicted", "silent longest when the server was full"},
    {"limit.memory", "out of memory"},
    {"limit.drain", "not finished when the server stopped"},
    {"limit.denied", "this address may not connect"},
    {"proxy.untrusted", "not a trusted proxy"},
    {"proxy.missing", "no PROXY header"},
    {"proxy.syntax", "the PROXY header is malformed"},
    {"proxy.timeout", "the PROXY header took too long"},
    {"service.refused", "the service refused the peer"},
    {"service.timeout", "the service did not reply in time"},
    {"service.unanswered", "a reply was never given"},
    {"service.failed", "the service could not reply"},
    {"service.outside_call", "an outbox was used outside its call"},
    {"tls.handshake", "the TLS handshake failed"},
    {"tls.record", "a TLS record is not valid"},
    {"tls.plaintext", "the peer does not speak TLS"},
    {"tls.truncated", "the TLS stream was cut off inside a frame"},
    {"tls.timeout", "the TLS handshake took too long"},
    {"tls.certificate_expired", "the certificate is not valid at this time"},
    {"tls.certificate_unknown", "the certificate is not trusted"},
    {"tls.certificate_required", "a certificate is required"},
    {"tls.name_mismatch", "the certificate is for another name"},
    {"limit.handshakes", "too many handshakes at once"},
    {"store.busy", "the store takes no messages for the moment"},
    {"store.full", "there is no space left for the store"},
    {"store.readonly", "the store may not be written"},
    {"store.failed", "the message could not be stored"},
    {"store.corrupt", "the store is damaged"},
    {"store.conflict", "another message with this id is stored already"},
}};

const description& describe(errc code) noexcept {
    return descriptions.at(static_cast<std::size_t>(code) - 1);
}

bool precedes_stream(errc code) noexcept {
    const auto name = describe(code).name;
    return name.starts_with("proxy.") ||
           (name.starts_with("tls.") && code != errc::tls_record && code != errc::tls_truncated);
}

class wire_error_category final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "framewire"; }
    [[nodiscard]] std::string message(int value) const override {
        if (value < 1 || value > static_cast<int>(errc_count)) return "unknown";
        return describe(static_cast<errc>(value)).meaning;
    }
};

}  // namespace

std::string_view error_name(errc code) noexcept { return describe(code).name; }

const std::error_category& error_category() noexcept {
    static const wire_error_category category;
    return category;
}

std::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

std::string system_words(int error) {
    auto words = std::system_category().message(error);
    // "Connection refused" becomes lower case; "RPC ..." does not.
    if (words.size() > 1 && std::islower(static_cast<unsigned char>(words[1])) != 0) {
        words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
    }
    return words;
}

std::string wire_error::message() const {
    // What did not come, and what precedes the stream, has no place in it.
    const bool has_place = code != errc::io_timeout_reply && !precedes_stream(code);
    const auto place = has_place ? fmt::format(" at {}", offset) : "";
    return fmt::format("{}{}: {}", error_name(code), place,
                       words.empty() ? describe(code).meaning : words);
}

}  // namespace framewire
