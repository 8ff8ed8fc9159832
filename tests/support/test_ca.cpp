#include "test_ca.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <utility>

namespace framewire::tests {
namespace test_ca_parts {
namespace {

using key_pair = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using file = std::unique_ptr<FILE, decltype(&std::fclose)>;

file open_file(const std::string& path, const char* how) {
    file one(std::fopen(path.c_str(), how), &std::fclose);
    if (!one) throw std::runtime_error("cannot open " + path);
    return one;
}

key_pair read_key(const std::string& path) {
    return {PEM_read_PrivateKey(open_file(path, "r").get(), nullptr, nullptr, nullptr),
            &EVP_PKEY_free};
}

void add_name(X509_NAME* to, const std::string& common) {
    X509_NAME_add_entry_by_txt(to, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(common.data()),
                               static_cast<int>(common.size()), -1, 0);
}

void extend(X509* one, int which, const std::string& value) {
    auto* const added = X509V3_EXT_conf_nid(nullptr, nullptr, which, value.c_str());
    if (added == nullptr) throw std::runtime_error("cannot add " + value);
    X509_add_ext(one, added, -1);
    X509_EXTENSION_free(added);
}

certificate make(const certificate_of& what, const std::string& issuer, EVP_PKEY* key) {
    constexpr long day = 24L * 60 * 60;
    certificate one(X509_new(), &X509_free);
    X509_set_version(one.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(one.get()), std::rand());
    X509_gmtime_adj(X509_getm_notBefore(one.get()), what.from_day * day);
    X509_gmtime_adj(X509_getm_notAfter(one.get()), what.to_day * day);
    add_name(X509_get_subject_name(one.get()), what.subject);
    add_name(X509_get_issuer_name(one.get()), issuer);
    X509_set_pubkey(one.get(), key);
    std::string names;
    for (const auto& each : what.names) {
        if (!names.empty()) names += ",";
        names += each.find(':') == std::string::npos ? "DNS:" + each : each;
    }
    if (!names.empty()) extend(one.get(), NID_subject_alt_name, names);
    return one;
}

void write_to(const certificate& one, const std::string& path) {
    PEM_write_X509(open_file(path, "w").get(), one.get());
}

void write_to(const key_pair& one, const std::string& path) {
    PEM_write_PrivateKey(open_file(path, "w").get(), one.get(), nullptr, nullptr, 0, nullptr,
                         nullptr);
}

std::filesystem::path new_folder() {
    auto path = (std::filesystem::temp_directory_path() / "framewire-ca-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
    return path;
}

}  // namespace
}  // namespace test_ca_parts

test_ca::test_ca(const std::string& subject)
    : subject_(subject), folder_(test_ca_parts::new_folder()) {
    const test_ca_parts::key_pair key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    auto own =
        test_ca_parts::make({.subject = subject, .names = {}, .to_day = 30}, subject, key.get());
    test_ca_parts::extend(own.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(own.get(), key.get(), EVP_sha256());
    test_ca_parts::write_to(own, file());
    test_ca_parts::write_to(key, path("ca.key"));
}

test_ca::~test_ca() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

tls_certificate test_ca::issue(const certificate_of& what) {
    const auto stem = std::to_string(++issued_);
    const tls_certificate files{path(stem + ".pem"), path(stem + ".key")};
    issue(what, files);
    return files;
}

void test_ca::issue(const certificate_of& what, const tls_certificate& over) {
    const test_ca_parts::key_pair key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const auto one = test_ca_parts::make(what, subject_, key.get());
    X509_sign(one.get(), test_ca_parts::read_key(path("ca.key")).get(), EVP_sha256());
    test_ca_parts::write_to(one, over.chain_file);
    test_ca_parts::write_to(key, over.key_file);
}

}  // namespace framewire::tests
