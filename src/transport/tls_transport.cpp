#include "tls_transport.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"

#include <openssl/err.h>
#include <algorithm>
#include <new>
#include <utility>

namespace framewire {
namespace {

constexpr std::size_t record_bytes_max = 16 * KiB;  // of the stream (RFC 8446, 5.1)
// A peer may ask for answers (to update keys) faster than it takes them. `transport_output` passes
// no more than half of this at once.
constexpr std::size_t output_bytes_max = 128 * KiB;
constexpr std::size_t record_overhead_max = 32;  // header, nonce, type and tag, for our ciphers

// What OpenSSL allocates for a connection, measured by tests/unit/transport/tls_memory.cpp.
constexpr std::size_t silent_bytes = 9 * KiB;  // before the first byte
constexpr std::size_t handshake_bytes = 48 * KiB;
constexpr std::size_t established_bytes = 14 * KiB;
constexpr std::size_t certificate_bytes = 6 * KiB;  // of the peer
constexpr std::size_t record_buffer_bytes = 17 * KiB;

std::string printable(const char* text) {
    std::string out;
    if (text != nullptr) append_escaped(text, 0, out);
    return out;
}

}  // namespace

tls_transport::tls_transport(std::shared_ptr<tls_configuration> shared,
                             std::chrono::milliseconds allowed)
    : shared_(std::move(shared)),
      ssl_(shared_->make_connection()),
      opening_(SSL_is_server(ssl_.get()) == 1),
      allowed_(allowed) {
    auto* const wire = BIO_new(ends());
    if (wire == nullptr) throw std::bad_alloc();
    BIO_set_data(wire, this);
    BIO_set_init(wire, 1);
    SSL_set_bio(ssl_.get(), wire, wire);
    SSL_set_app_data(ssl_.get(), &verified_);
    if (SSL_is_server(ssl_.get()) == 0) failed_ = !shake_hands();
}

// A connection that was not closed would spoil its ticket, and a client loses many (RFC 8446
// allows to use it; RFC 5246 forbade it only after a fatal alert).
tls_transport::~tls_transport() {
    if (!failed_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

// OpenSSL reads from what was received, and writes to what is to be sent, without a copy between.
const BIO_METHOD* tls_transport::ends() {
    static const openssl_owned<BIO_METHOD> method = [] {
        openssl_owned<BIO_METHOD> made(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "framewire"));
        if (!made) throw std::bad_alloc();
        BIO_meth_set_read_ex(made.get(), take_wire);
        BIO_meth_set_write_ex(made.get(), put_wire);
        BIO_meth_set_ctrl(made.get(), control);
        return made;
    }();
    return method.get();
}

int tls_transport::take_wire(BIO* from, char* to, std::size_t size, std::size_t* taken) noexcept {
    auto& self = *static_cast<tls_transport*>(BIO_get_data(from));
    BIO_clear_retry_flags(from);
    *taken = std::min(size, self.wire_.size());
    if (*taken == 0) {
        BIO_set_retry_read(from);
        return 0;
    }
    self.wire_.copy(to, *taken);
    self.wire_.remove_prefix(*taken);
    self.undecoded_ += *taken;
    return 1;
}

int tls_transport::put_wire(BIO* to, const char* from, std::size_t size,
                            std::size_t* put) noexcept {
    auto& self = *static_cast<tls_transport*>(BIO_get_data(to));
    BIO_clear_retry_flags(to);
    *put = 0;
    try {
        self.output_.append(from, size);
    } catch (const std::bad_alloc&) {
        self.no_memory_ = true;
        return 0;
    }
    *put = size;
    return 1;
}

long tls_transport::control(BIO* /*which*/, int what, long /*number*/, void* /*data*/) noexcept {
    return what == BIO_CTRL_FLUSH ? 1 : 0;
}

wire_result<void> tls_transport::receive(bytes wire, std::string& stream) {
    if (failed_ || peer_finished_) return {};
    if (!opening_.done()) {
        if (auto begun = opening_.receive(wire); !begun) {
            failed_ = true;
            output_ += tls_opening::alert;
            return begun;
        }
    }
    wire_ = wire;
    auto done = established_ ? wire_result<void>() : shake_hands();
    if (done && established_) done = decrypt(stream);
    wire_ = {};
    if (done && output().size() > output_bytes_max) {
        failed_ = true;
        return tl::unexpected(wire_error{errc::tls_record, 0, "the peer takes no answers"});
    }
    return done;
}

wire_result<void> tls_transport::receive_eof() {
    if (peer_finished_ || failed_) return {};
    if (!established_) {
        return tl::unexpected(
            wire_error{errc::tls_handshake, 0, "the peer ended inside the handshake"});
    }
    return tl::unexpected(
        wire_error{errc::tls_truncated, 0, "the peer ended without a close_notify"});
}

wire_result<void> tls_transport::shake_hands() {
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    if (done == 1) {
        learn();
        established_ = true;
        undecoded_ = 0;
        return {};
    }
    if (SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_READ) return {};
    return tl::unexpected(failed());
}

// The stream is shorter than its records, so there is room for all of it at once.
wire_result<void> tls_transport::decrypt(std::string& stream) {
    auto used = stream.size();
    stream.resize(used + wire_.size() + undecoded_ + 1);
    auto done = decrypt_records(stream, used);
    stream.resize(used);
    return done;
}

wire_result<void> tls_transport::decrypt_records(std::string& stream, std::size_t& used) {
    ERR_clear_error();
    while (true) {
        std::size_t size = 0;
        const int done =
            SSL_read_ex(ssl_.get(), stream.data() + used, stream.size() - used, &size);
        used += size;
        if (done != 1) return end_of_records(done);
        const bool has_more = SSL_has_pending(ssl_.get()) == 1;
        if (!has_more) undecoded_ = 0;
        if (!has_more && wire_.empty()) return {};
    }
}

wire_result<void> tls_transport::end_of_records(int done) {
    const int why = SSL_get_error(ssl_.get(), done);
    if (why == SSL_ERROR_WANT_READ) return {};
    if (why != SSL_ERROR_ZERO_RETURN) return tl::unexpected(failed());
    peer_finished_ = true;
    return {};
}

wire_result<void> tls_transport::send(bytes stream) {
    if (failed_) return tl::unexpected(wire_error{errc::tls_record, 0, "it has failed before"});
    output_.reserve(output_.size() + stream.size() +
                    (stream.size() / record_bytes_max + 1) * record_overhead_max);
    ERR_clear_error();
    std::size_t written = 0;
    if (SSL_write_ex(ssl_.get(), stream.data(), stream.size(), &written) == 1) return {};
    return tl::unexpected(failed());
}

void tls_transport::close() {
    ERR_clear_error();
    if (!failed_) (void)SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

void tls_transport::sent(std::size_t size) {
    output_sent_ += size;
    if (output_sent_ < output_.size()) return;
    output_ = std::string();
    output_sent_ = 0;
}

std::size_t tls_transport::held_bytes() const noexcept {
    const auto own = sizeof *this + output_.capacity();
    if (!established_) return own + (undecoded_ > 0 ? handshake_bytes : silent_bytes);
    return own + established_bytes + (identity_.tls->subject.empty() ? 0 : certificate_bytes) +
           (undecoded_ > 0 ? record_buffer_bytes : 0);
}

void tls_transport::learn() {
    auto known = std::make_shared<tls_peer>();
    const auto* const one = ssl_.get();
    known->version = SSL_get_version(one);
    known->cipher = SSL_get_cipher_name(one);
    known->resumed = SSL_session_reused(one) == 1;
    known->server_name = printable(SSL_get_servername(one, TLSEXT_NAMETYPE_host_name));
    if (const auto* const shown = SSL_get0_peer_certificate(one); shown != nullptr) {
        known->subject = subject_of(shown);
    }
    const unsigned char* protocol = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(one, &protocol, &size);
    if (size > 0) known->protocol.assign(reinterpret_cast<const char*>(protocol), size);
    identity_.tls = std::move(known);
}

wire_error tls_transport::failed() {
    failed_ = true;
    if (no_memory_) throw std::bad_alloc();
    auto error = tls_failure(established_, verified_);
    ERR_clear_error();
    return error;
}

}  // namespace framewire
