#include "tls_failure.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <new>
#include <string_view>

namespace framewire {
namespace {

// For OpenSSL's functions that print.
template <class Print>
std::string printed(Print print) {
    const openssl_owned<BIO> to(BIO_new(BIO_s_mem()));
    if (!to) throw std::bad_alloc();
    print(to.get());
    char* text = nullptr;
    const auto size = BIO_get_mem_data(to.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

// Printable ASCII: everything else is escaped.
std::string printed_name(const X509_NAME* name) {
    return printed([name](BIO* to) { X509_NAME_print_ex(to, name, 0, XN_FLAG_RFC2253); });
}

std::string text_of(const ASN1_TIME* time) {
    return printed([time](BIO* to) { ASN1_TIME_print(to, time); });
}

// As many as a line takes.
std::string names_of(const X509* certificate) {
    constexpr int names_max = 4;
    auto* const all = static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    if (all == nullptr) return "no name";
    std::string list;
    const int count = sk_GENERAL_NAME_num(all);
    for (int i = 0; i < count && i < names_max; ++i) {
        auto* const one = sk_GENERAL_NAME_value(all, i);
        if (!list.empty()) list += ", ";
        list += printed([one](BIO* to) { GENERAL_NAME_print(to, one); });
    }
    if (count > names_max) list += ", ...";
    GENERAL_NAMES_free(all);
    return list;
}

wire_error refusal_of(int why, const X509* certificate) {
    const auto subject = subject_of(certificate);
    switch (why) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return {errc::tls_certificate_expired, 0,
                    fmt::format("the certificate of {} was valid until {}", subject,
                                text_of(X509_get0_notAfter(certificate)))};
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return {errc::tls_certificate_expired, 0,
                    fmt::format("the certificate of {} is valid from {}", subject,
                                text_of(X509_get0_notBefore(certificate)))};
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return {
                errc::tls_name_mismatch, 0,
                fmt::format("the certificate of {} is for {}", subject, names_of(certificate))};
        default:
            return {errc::tls_certificate_unknown, 0,
                    fmt::format("the certificate of {}, issued by {}, is not trusted: {}", subject,
                                printed_name(X509_get_issuer_name(certificate)),
                                X509_verify_cert_error_string(why))};
    }
}

// What the peer's alert says about our certificate, or about anything else (RFC 8446, 6.2).
errc code_of_alert(int alert, bool established) {
    switch (alert) {
        case SSL_AD_CERTIFICATE_EXPIRED: return errc::tls_certificate_expired;
        case SSL_AD_CERTIFICATE_REQUIRED: return errc::tls_certificate_required;
        case SSL_AD_BAD_CERTIFICATE:
        case SSL_AD_UNSUPPORTED_CERTIFICATE:
        case SSL_AD_CERTIFICATE_REVOKED:
        case SSL_AD_CERTIFICATE_UNKNOWN:
        case SSL_AD_UNKNOWN_CA: return errc::tls_certificate_unknown;
        default: return established ? errc::tls_record : errc::tls_handshake;
    }
}

std::string reason_text(unsigned long error) {
    const auto* const reason = ERR_reason_error_string(error);
    return reason == nullptr ? fmt::format("OpenSSL's error {:x}", error) : reason;
}

// OpenSSL says `tlsv13 alert certificate required`.
std::string name_of_alert(unsigned long error) {
    constexpr std::string_view before = "alert ";
    const auto text = reason_text(error);
    const auto at = text.find(before);
    return at == std::string::npos ? text : text.substr(at + before.size());
}

}  // namespace

std::string latest_openssl_error() {
    const auto error = ERR_peek_last_error();
    if (ERR_SYSTEM_ERROR(error)) return system_words(static_cast<int>(ERR_GET_REASON(error)));
    // A file that cannot be opened has two errors, of which the first is the system's.
    const auto first = ERR_peek_error();
    if (ERR_SYSTEM_ERROR(first)) return system_words(static_cast<int>(ERR_GET_REASON(first)));
    return reason_text(error);
}

std::string subject_of(const X509* certificate) {
    return printed_name(X509_get_subject_name(certificate));
}

int note_verification(int accepted, X509_STORE_CTX* what) noexcept {
    if (accepted == 1) return 1;
    const auto* const one =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(what, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto& seen = *static_cast<tls_verification*>(SSL_get_app_data(one));
    try {
        const auto* certificate = X509_STORE_CTX_get_current_cert(what);
        if (certificate == nullptr) certificate = X509_STORE_CTX_get0_cert(what);
        if (certificate != nullptr) {
            seen.failure = refusal_of(X509_STORE_CTX_get_error(what), certificate);
        }
    } catch (const std::bad_alloc&) {
        seen.failure = {errc::limit_memory, 0, {}};
    }
    return 0;
}

wire_error tls_failure(bool established, const tls_verification& verified) {
    if (verified.failure) return *verified.failure;
    const auto error = ERR_peek_error();
    const auto reason = ERR_GET_REASON(error);
    if (reason == ERR_R_MALLOC_FAILURE) return {errc::limit_memory, 0, {}};
    if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason >= SSL_AD_REASON_OFFSET) {
        const int alert = reason - SSL_AD_REASON_OFFSET;
        return {code_of_alert(alert, established), 0,
                fmt::format("the peer ended it with the alert '{}'", name_of_alert(error))};
    }
    if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
        return {errc::tls_certificate_required, 0, "the client has shown no certificate"};
    }
    return {established ? errc::tls_record : errc::tls_handshake, 0, reason_text(error)};
}

}  // namespace framewire
