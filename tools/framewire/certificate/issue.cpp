#include "issue.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <array>
#include <exception>
#include <memory>
#include <string_view>

namespace framewire {
namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* owned) const noexcept {
        Free(owned);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using number_ptr = std::unique_ptr<BIGNUM, freed_by<BN_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

// Caught in this file.
struct openssl_failure final : std::exception {};

void check(bool done) {
    if (!done) throw openssl_failure();
}

template <class Pointer>
Pointer checked(Pointer made) {
    check(made != nullptr);
    return made;
}

failure why_not(std::string_view what) {
    std::array<char, 256> words{};
    ERR_error_string_n(ERR_get_error(), words.data(), words.size());
    ERR_clear_error();
    return {std::string(what) + ": " + words.data()};
}

constexpr int x509_version_3 = 2;
constexpr long day_seconds = 24L * 60 * 60;
// The clock of another machine may be late.
constexpr long leeway_seconds = 60L * 60;
// A serial number has at most 20 bytes (RFC 5280, 4.1.2.2), and is not guessed.
constexpr int serial_bits = 127;

bool is_address(const std::string& name) {
    std::array<unsigned char, sizeof(in6_addr)> number{};
    return ::inet_pton(AF_INET, name.c_str(), number.data()) == 1 ||
           ::inet_pton(AF_INET6, name.c_str(), number.data()) == 1;
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        text += (text.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
    }
    return text;
}

key_ptr make_key() { return checked(key_ptr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"))); }

void add_to_subject(X509_NAME* subject, const char* field, const std::string& text) {
    const auto* const utf8 = reinterpret_cast<const unsigned char*>(text.data());
    check(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, utf8,
                                     static_cast<int>(text.size()), -1, 0) == 1);
}

certificate_ptr begin_certificate(const std::string& name, EVP_PKEY* key, std::uint64_t days) {
    certificate_ptr made = checked(certificate_ptr(X509_new()));
    const number_ptr serial = checked(number_ptr(BN_new()));
    check(BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1);
    checked(BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(made.get())));
    check(X509_set_version(made.get(), x509_version_3) == 1);
    const auto valid = days == 0 ? -leeway_seconds : static_cast<long>(days) * day_seconds;
    checked(X509_gmtime_adj(X509_getm_notBefore(made.get()), -day_seconds));
    checked(X509_gmtime_adj(X509_getm_notAfter(made.get()), valid));
    check(X509_set_pubkey(made.get(), key) == 1);
    auto* const subject = X509_get_subject_name(made.get());
    add_to_subject(subject, "O", "framewire throw-away");
    add_to_subject(subject, "CN", name);
    return made;
}

void add_extension(X509* to, X509* issuer, int which, const std::string& value) {
    X509V3_CTX names{};
    X509V3_set_ctx_nodb(&names);
    X509V3_set_ctx(&names, issuer, to, nullptr, nullptr, 0);
    const extension_ptr one =
        checked(extension_ptr(X509V3_EXT_conf_nid(nullptr, &names, which, value.c_str())));
    check(X509_add_ext(to, one.get(), -1) == 1);
}

void sign(X509* made, X509* issuer, EVP_PKEY* issuer_key) {
    check(X509_set_issuer_name(made, X509_get_subject_name(issuer)) == 1);
    add_extension(made, issuer, NID_subject_key_identifier, "hash");
    add_extension(made, issuer, NID_authority_key_identifier, "keyid:always");
    check(X509_sign(made, issuer_key, EVP_sha256()) > 0);
}

std::string text_of(BIO* written) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(written, &data);
    return {data, static_cast<std::size_t>(size)};
}

issued to_pem(X509* certificate, EVP_PKEY* key) {
    const bio_ptr first = checked(bio_ptr(BIO_new(BIO_s_mem())));
    const bio_ptr second = checked(bio_ptr(BIO_new(BIO_s_mem())));
    check(PEM_write_bio_X509(first.get(), certificate) == 1);
    check(PEM_write_bio_PrivateKey(second.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return {text_of(first.get()), text_of(second.get())};
}

bio_ptr reading(const std::string& text) {
    return checked(bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))));
}

// A key with a password has none that we could know: asking for it on a terminal is no use.
int no_password(char* /*into*/, int /*size*/, int /*writes*/, void* /*data*/) { return -1; }

}  // namespace

result<issued> issue_authority(std::uint64_t days) try {
    const auto key = make_key();
    const auto made = begin_certificate("CA", key.get(), days);
    add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    sign(made.get(), made.get(), key.get());
    return to_pem(made.get(), key.get());
} catch (const openssl_failure&) {
    return tl::unexpected(why_not("cannot make a certificate authority"));
}

result<issued> issue_certificate(const std::vector<std::string>& names, std::uint64_t days,
                                 const issued& authority) try {
    const certificate_ptr issuer(
        PEM_read_bio_X509(reading(authority.certificate).get(), nullptr, no_password, nullptr));
    if (issuer == nullptr) return tl::unexpected(why_not("not a certificate in PEM"));
    const key_ptr issuer_key(
        PEM_read_bio_PrivateKey(reading(authority.key).get(), nullptr, no_password, nullptr));
    if (issuer_key == nullptr) return tl::unexpected(why_not("not a private key in PEM"));
    if (X509_check_private_key(issuer.get(), issuer_key.get()) != 1) {
        return tl::unexpected(why_not("the key is not that of the certificate"));
    }
    const auto key = make_key();
    const auto made = begin_certificate(names.front(), key.get(), days);
    add_extension(made.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made.get(), issuer.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(made.get(), issuer.get(), NID_ext_key_usage, "serverAuth,clientAuth");
    add_extension(made.get(), issuer.get(), NID_subject_alt_name, alternative_names(names));
    sign(made.get(), issuer.get(), issuer_key.get());
    return to_pem(made.get(), key.get());
} catch (const openssl_failure&) {
    return tl::unexpected(why_not("cannot make a certificate"));
}

}  // namespace framewire
