#pragma once

#include "tls_configuration.hpp"
#include "tls_failure.hpp"
#include "tls_opening.hpp"
#include "tls_openssl.hpp"
#include "transport.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace framewire {

/// One end of a TLS connection.
class tls_transport final : public transport {
public:
    /// A client's output is its ClientHello from the beginning. Throws `std::bad_alloc`.
    tls_transport(std::shared_ptr<tls_configuration> shared, std::chrono::milliseconds allowed);
    tls_transport(const tls_transport&) = delete;
    tls_transport& operator=(const tls_transport&) = delete;
    ~tls_transport() override;

    wire_result<void> receive(bytes wire, std::string& stream) override;
    wire_result<void> receive_eof() override;
    [[nodiscard]] bool peer_finished() const noexcept override { return peer_finished_; }
    [[nodiscard]] bool established() const noexcept override { return established_; }
    [[nodiscard]] handshake_allowance allowance() const noexcept override {
        return {allowed_, errc::tls_timeout};
    }
    [[nodiscard]] const peer_identity& identity() const noexcept override { return identity_; }
    wire_result<void> send(bytes stream) override;
    void close() override;
    [[nodiscard]] bytes output() const noexcept override {
        return bytes(output_).substr(output_sent_);
    }
    void sent(std::size_t size) override;
    [[nodiscard]] std::size_t held_bytes() const noexcept override;

private:
    static int take_wire(BIO* from, char* to, std::size_t size, std::size_t* taken) noexcept;
    static int put_wire(BIO* to, const char* from, std::size_t size, std::size_t* put) noexcept;
    static long control(BIO* which, int what, long number, void* data) noexcept;
    static const BIO_METHOD* ends();

    wire_result<void> shake_hands();
    wire_result<void> decrypt(std::string& stream);
    wire_result<void> decrypt_records(std::string& stream, std::size_t& used);
    wire_result<void> end_of_records(int done);
    void learn();
    [[nodiscard]] wire_error failed();

    std::shared_ptr<tls_configuration> shared_;
    openssl_owned<SSL> ssl_;
    tls_verification verified_;
    tls_opening opening_;
    const std::chrono::milliseconds allowed_;
    bytes wire_;                 // of `receive`, and not taken by OpenSSL
    std::size_t undecoded_ = 0;  // taken since the last data of the stream
    std::string output_;
    std::size_t output_sent_ = 0;
    bool established_ = false;
    bool peer_finished_ = false;
    bool failed_ = false;
    bool no_memory_ = false;
    peer_identity identity_;
};

}  // namespace framewire
