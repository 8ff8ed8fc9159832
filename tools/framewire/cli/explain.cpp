#include "explain.hpp"

#include <string>

namespace framewire {
namespace {

std::string hint_for(const wire_error& error) {
    switch (error.code) {
        case errc::tls_certificate_unknown:
            if (error.words.starts_with("the peer")) return "--tls-cert says which to show";
            return "--tls-ca PATH says which CAs to trust";
        case errc::tls_name_mismatch: return "--tls-name HOST says which name to expect";
        case errc::tls_certificate_required:
            // Else we have asked for it.
            if (!error.words.starts_with("the peer")) return "";
            return "--tls-cert and --tls-key say which to show";
        case errc::tls_plaintext: return "without --tls, the connection is plain";
        default: break;
    }
    const bool is_tls = error.words.find("looks like a TLS") != std::string::npos;
    if (is_tls) return "with --tls, the connection is encrypted";
    return is_framing_error(error.code) ? std::string(framings_hint) : "";
}

}  // namespace

bool is_framing_error(errc code) noexcept {
    return code == errc::frame_syntax || code == errc::frame_length_syntax ||
           code == errc::frame_too_large;
}

failure explain(const wire_error& error, const client_wording& wording) {
    switch (error.code) {
        case errc::io_closed:
            if (!wording.no_reply.empty()) return {std::string(wording.no_reply)};
            return {"no reply: the server closed the connection"};
        case errc::frame_truncated: return {error.words};
        default: return {error.message(), hint_for(error)};
    }
}

}  // namespace framewire
