#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace framewire {

/// Frees what OpenSSL has made.
struct openssl_deleter {
    void operator()(BIO* one) const noexcept { BIO_free_all(one); }
    void operator()(BIO_METHOD* one) const noexcept { BIO_meth_free(one); }
    void operator()(EVP_PKEY* one) const noexcept { EVP_PKEY_free(one); }
    void operator()(SSL* one) const noexcept { SSL_free(one); }
    void operator()(SSL_CTX* one) const noexcept { SSL_CTX_free(one); }
    void operator()(SSL_SESSION* one) const noexcept { SSL_SESSION_free(one); }
    void operator()(X509* one) const noexcept { X509_free(one); }
    void operator()(STACK_OF(X509) * all) const noexcept { sk_X509_pop_free(all, X509_free); }
};

template <class T>
using openssl_owned = std::unique_ptr<T, openssl_deleter>;

}  // namespace framewire
