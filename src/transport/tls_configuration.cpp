#include "tls_configuration.hpp"

#include "tls_failure.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <new>
#include <utility>

namespace framewire {
namespace {

// The fastest first where the processor has AES; a client without it says so, and gets ChaCha20.
constexpr const char* ciphers_1_3 =
    "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";
constexpr const char* ciphers_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* groups = "X25519:P-256:P-384";

tl::unexpected<failure> refused(std::string_view what, const std::string& file,
                                std::string hint = {}) {
    return tl::unexpected(failure{
        fmt::format("cannot use {} {}: {}", what, file, latest_openssl_error()), std::move(hint)});
}

// A passphrase that was asked for would block a server until somebody types it.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writes*/, void* /*unused*/) { return 0; }

openssl_owned<BIO> open(const std::string& file) {
    ERR_clear_error();
    return openssl_owned<BIO>(BIO_new_file(file.c_str(), "rb"));
}

result<std::string> alpn_list(const std::vector<std::string>& protocols) {
    constexpr std::size_t name_max = 255;  // as RFC 7301 has one byte for its length
    std::string list;
    for (const auto& one : protocols) {
        if (one.empty() || one.size() > name_max) {
            return tl::unexpected(
                failure{fmt::format("cannot offer protocol '{}': a name has "
                                    "1 to 255 bytes",
                                    one)});
        }
        list += static_cast<char>(one.size());
        list += one;
    }
    return list;
}

const unsigned char* raw(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

tls_configuration::tls_configuration(const SSL_METHOD* ends) : shared_(SSL_CTX_new(ends)) {
    if (!shared_) throw std::bad_alloc();
    SSL_CTX_set_app_data(shared_.get(), this);
}

tls_configuration::~tls_configuration() {
    if (keylog_ >= 0) ::close(keylog_);
}

tls_configuration& tls_configuration::of(const SSL* one) noexcept {
    return *static_cast<tls_configuration*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(one)));
}

result<std::shared_ptr<tls_configuration>> tls_configuration::load(
    const tls_server_settings& settings) {
    if (settings.certificates.empty()) {
        return tl::unexpected(failure{"a server needs a certificate for TLS"});
    }
    const std::shared_ptr<tls_configuration> made(new tls_configuration(TLS_server_method()));
    auto done = made->begin(settings.version_min, settings.protocols, settings.keylog_file);
    for (const auto& one : settings.certificates) {
        if (done) done = made->add(one);
    }
    if (done && !settings.client_ca_file.empty()) {
        done = made->ask_for_certificates(settings.client_ca_file);
    }
    if (!done) return tl::unexpected(done.error());
    auto* const shared = made->shared_.get();
    SSL_CTX_set_session_cache_mode(shared, SSL_SESS_CACHE_OFF);  // clients keep their tickets
    SSL_CTX_set_num_tickets(shared, 1);
    if (made->pairs_.size() > 1) SSL_CTX_set_cert_cb(shared, choose_pairs, nullptr);
    if (!made->protocols_.empty()) SSL_CTX_set_alpn_select_cb(shared, choose_protocol, nullptr);
    return made;
}

result<std::shared_ptr<tls_configuration>> tls_configuration::load(
    const tls_client_settings& settings, std::string_view host) {
    const std::shared_ptr<tls_configuration> made(new tls_configuration(TLS_client_method()));
    made->is_client_ = true;
    auto done = made->begin(settings.version_min, settings.protocols, settings.keylog_file);
    if (done && settings.certificate) done = made->add(*settings.certificate);
    if (done) done = made->trust(settings);
    if (done && !(settings.insecure && settings.name.empty() && host.empty())) {
        done = made->expect(settings.name.empty() ? host : std::string_view(settings.name));
    }
    if (!done) return tl::unexpected(done.error());
    auto* const shared = made->shared_.get();
    if (!made->protocols_.empty()) {
        SSL_CTX_set_alpn_protos(shared, raw(made->protocols_),
                                static_cast<unsigned>(made->protocols_.size()));
    }
    SSL_CTX_set_session_cache_mode(shared,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(shared, take_ticket);
    return made;
}

// What both ends have in common.
result<void> tls_configuration::begin(tls_version version_min,
                                      const std::vector<std::string>& protocols,
                                      const std::string& keylog_file) {
    auto* const shared = shared_.get();
    SSL_CTX_set_min_proto_version(
        shared, version_min == tls_version::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
    SSL_CTX_set_options(shared, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                    SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    // An idle connection keeps no buffers: 34 KiB otherwise.
    SSL_CTX_set_mode(shared, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_default_passwd_cb(shared, no_passphrase);
    if (SSL_CTX_set_cipher_list(shared, ciphers_1_2) != 1 ||
        SSL_CTX_set_ciphersuites(shared, ciphers_1_3) != 1 ||
        SSL_CTX_set1_groups_list(shared, groups) != 1) {
        return tl::unexpected(failure{"cannot use OpenSSL: " + latest_openssl_error()});
    }
    auto list = alpn_list(protocols);
    if (!list) return tl::unexpected(list.error());
    protocols_ = std::move(*list);
    if (keylog_file.empty()) return {};
    keylog_ = ::open(keylog_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (keylog_ < 0) {
        return tl::unexpected(
            failure{fmt::format("cannot write keys to {}: {}", keylog_file, system_words(errno))});
    }
    SSL_CTX_set_keylog_callback(shared, log_key);
    return {};
}

result<void> tls_configuration::add(const tls_certificate& files) {
    pair one;
    const auto chain = open(files.chain_file);
    one.certificate.reset(chain ? PEM_read_bio_X509(chain.get(), nullptr, no_passphrase, nullptr)
                                : nullptr);
    if (!one.certificate) return refused("certificate", files.chain_file);
    one.chain.reset(sk_X509_new_null());
    while (auto* const next = PEM_read_bio_X509(chain.get(), nullptr, no_passphrase, nullptr)) {
        sk_X509_push(one.chain.get(), next);
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
        return refused("certificate", files.chain_file);
    }
    const auto key = open(files.key_file);
    one.key.reset(key ? PEM_read_bio_PrivateKey(key.get(), nullptr, no_passphrase, nullptr)
                      : nullptr);
    if (!one.key) {
        const bool is_encrypted = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_BAD_PASSWORD_READ;
        return refused("key", files.key_file,
                       is_encrypted ? "remove its passphrase: openssl pkey -in KEY -out NEW" : "");
    }
    ERR_clear_error();
    if (X509_check_private_key(one.certificate.get(), one.key.get()) != 1) {
        return tl::unexpected(failure{fmt::format("cannot use key {}: it is not that of {}",
                                                  files.key_file, files.chain_file)});
    }
    // The first is what a client gets for any name; the others are chosen later, but a key that is
    // too weak is noticed now.
    const openssl_owned<SSL> trial(SSL_new(shared_.get()));
    const bool usable =
        pairs_.empty() ? SSL_CTX_use_cert_and_key(shared_.get(), one.certificate.get(),
                                                  one.key.get(), one.chain.get(), 1) == 1
                       : trial && SSL_use_cert_and_key(trial.get(), one.certificate.get(),
                                                       one.key.get(), one.chain.get(), 1) == 1;
    if (!usable) return refused("certificate", files.chain_file);
    pairs_.push_back(std::move(one));
    return {};
}

result<void> tls_configuration::ask_for_certificates(const std::string& ca_file) {
    auto* const shared = shared_.get();
    ERR_clear_error();
    auto* const names = SSL_load_client_CA_file(ca_file.c_str());
    if (names == nullptr || SSL_CTX_load_verify_file(shared, ca_file.c_str()) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return refused("client CA", ca_file);
    }
    SSL_CTX_set_client_CA_list(shared, names);
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(shared), X509_V_FLAG_PARTIAL_CHAIN);
    SSL_CTX_set_verify(shared, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       note_verification);
    // Tickets are for the server that gave them.
    static constexpr std::array<unsigned char, 2> scope{'f', 'w'};
    SSL_CTX_set_session_id_context(shared, scope.data(), scope.size());
    return {};
}

result<void> tls_configuration::trust(const tls_client_settings& settings) {
    auto* const shared = shared_.get();
    SSL_CTX_set_verify(shared, settings.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER,
                       settings.insecure ? nullptr : note_verification);
    // A certificate of the server itself may be its own CA.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(shared), X509_V_FLAG_PARTIAL_CHAIN);
    if (!settings.ca_file.empty()) {
        ERR_clear_error();
        if (SSL_CTX_load_verify_file(shared, settings.ca_file.c_str()) != 1) {
            return refused("CA", settings.ca_file);
        }
    } else if (!settings.insecure) {
        SSL_CTX_set_default_verify_paths(shared);
    }
    return {};
}

// The name that the certificate must have. An address has no SNI (RFC 6066).
result<void> tls_configuration::expect(std::string_view name) {
    std::string host(name.substr(0, name.find('%')));
    if (host.ends_with('.')) host.pop_back();
    auto* const param = SSL_CTX_get0_param(shared_.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1) return {};
    ERR_clear_error();
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    constexpr std::size_t name_max = 255;
    const bool set = !host.empty() && host.size() <= name_max &&
                     X509_VERIFY_PARAM_set1_host(param, host.data(), host.size()) == 1;
    if (!set) {
        return tl::unexpected(failure{"no name is known that the server's certificate must have",
                                      "say it: --tls-name"});
    }
    name_ = std::move(host);
    return {};
}

openssl_owned<SSL> tls_configuration::make_connection() {
    openssl_owned<SSL> made(SSL_new(shared_.get()));
    if (!made) throw std::bad_alloc();
    if (!is_client_) {
        SSL_set_accept_state(made.get());
        return made;
    }
    SSL_set_connect_state(made.get());
    if (!name_.empty()) {
        SSL_ctrl(made.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 name_.data());
    }
    const std::lock_guard lock(mutex_);
    if (ticket_) SSL_set_session(made.get(), ticket_.get());
    // Used once, so that nobody can recognise a client by it (RFC 8446, C.4).
    ticket_ = nullptr;
    return made;
}

void tls_configuration::keep_ticket(SSL_SESSION* one) noexcept {
    const std::lock_guard lock(mutex_);
    ticket_.reset(one);
}

int tls_configuration::take_ticket(SSL* one, SSL_SESSION* ticket) {
    of(one).keep_ticket(ticket);
    return 1;  // it is ours now
}

bool tls_configuration::use_pairs_for(SSL* one, const char* name) const {
    bool found = false;
    for (const auto& each : pairs_) {
        if (X509_check_host(each.certificate.get(), name, 0, 0, nullptr) != 1) continue;
        if (!std::exchange(found, true)) SSL_certs_clear(one);
        if (SSL_use_cert_and_key(one, each.certificate.get(), each.key.get(), each.chain.get(),
                                 1) != 1) {
            return false;
        }
    }
    return true;
}

// Not known names get the first pair, which the context has.
int tls_configuration::choose_pairs(SSL* one, void* /*unused*/) {
    const auto* const name = SSL_get_servername(one, TLSEXT_NAMETYPE_host_name);
    return name == nullptr || of(one).use_pairs_for(one, name) ? 1 : 0;
}

int tls_configuration::choose_protocol(SSL* one, const unsigned char** chosen, unsigned char* size,
                                       const unsigned char* offered, unsigned offered_size,
                                       void* /*unused*/) {
    const auto& ours = of(one).protocols_;
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, size, raw(ours), static_cast<unsigned>(ours.size()), offered,
                              offered_size) != OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

// One call for a line, so that several connections, and several programs, share the file.
void tls_configuration::log_key(const SSL* one, const char* line) {
    try {
        const auto text = std::string(line) + '\n';
        (void)!::write(of(one).keylog_, text.data(), text.size());
    } catch (const std::bad_alloc&) {
        // The line is missing, the connection is not.
    }
}

}  // namespace framewire
