#pragma once

#include "framewire/core/result.hpp"
#include "framewire/transport/tls.hpp"
#include "tls_openssl.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// What the connections of one server, or of one client, share: OpenSSL's context and what its
/// callbacks need. Thread-safe.
class tls_configuration {
public:
    static result<std::shared_ptr<tls_configuration>> load(const tls_server_settings& settings);
    static result<std::shared_ptr<tls_configuration>> load(const tls_client_settings& settings,
                                                           std::string_view host);

    tls_configuration(const tls_configuration&) = delete;
    tls_configuration& operator=(const tls_configuration&) = delete;
    ~tls_configuration();

    /// A connection that has not begun. Throws `std::bad_alloc`. Requires: this outlives it.
    [[nodiscard]] openssl_owned<SSL> make_connection();

private:
    struct pair {
        openssl_owned<X509> certificate;
        openssl_owned<STACK_OF(X509)> chain;
        openssl_owned<EVP_PKEY> key;
    };

    explicit tls_configuration(const SSL_METHOD* ends);
    result<void> begin(tls_version version_min, const std::vector<std::string>& protocols,
                       const std::string& keylog_file);
    result<void> add(const tls_certificate& files);
    result<void> ask_for_certificates(const std::string& ca_file);
    result<void> trust(const tls_client_settings& settings);
    result<void> expect(std::string_view name);
    void keep_ticket(SSL_SESSION* one) noexcept;
    [[nodiscard]] bool use_pairs_for(SSL* one, const char* name) const;

    static tls_configuration& of(const SSL* one) noexcept;
    static int choose_pairs(SSL* one, void* unused);
    static int choose_protocol(SSL* one, const unsigned char** chosen, unsigned char* size,
                               const unsigned char* offered, unsigned offered_size, void* unused);
    static void log_key(const SSL* one, const char* line);
    static int take_ticket(SSL* one, SSL_SESSION* ticket);

    openssl_owned<SSL_CTX> shared_;
    std::vector<pair> pairs_;
    std::string protocols_;  // as ALPN writes them
    int keylog_ = -1;
    std::string name_;  // to ask a server for
    bool is_client_ = false;
    std::mutex mutex_;
    openssl_owned<SSL_SESSION> ticket_;
};

}  // namespace framewire
