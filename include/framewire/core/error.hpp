#pragma once

#include "framewire/core/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace framewire {

/// Everything that can go wrong with a peer. The names are stable: `error_name` returns them, logs
/// and transcripts print them, and programs may compare them.
enum class errc {
    frame_length_syntax = 1,  ///< `frame.length_syntax`: a length outside its framing's grammar
    frame_syntax,             ///< `frame.syntax`: these bytes are not this framing at all
    frame_too_large,     ///< `frame.too_large`: more than the limit, or than the header can say
    frame_wrong_size,    ///< `frame.wrong_size`: a payload that this framing cannot carry
    frame_truncated,     ///< `frame.truncated`: the stream ended inside a frame
    frame_utf8,          ///< `frame.utf8`: characters are counted, and the payload is not UTF-8
    frame_delimiter,     ///< `frame.delimiter`: a payload contains its own delimiter
    frame_flood,         ///< `frame.flood`: more tiny frames than the budget, for too long
    io_timeout_header,   ///< `io.timeout_header`: a frame's header took too long
    io_timeout_body,     ///< `io.timeout_body`: a frame's payload arrived too slowly
    io_timeout_idle,     ///< `io.timeout_idle`: nothing arrived between frames for too long
    io_timeout_write,    ///< `io.timeout_write`: the peer does not take its replies
    io_timeout_reply,    ///< `io.timeout_reply`: a reply did not come in time
    io_reset,            ///< `io.reset`: the peer reset the connection
    io_closed,           ///< `io.closed`: the peer ended the connection between two frames
    io_failed,           ///< `io.failed`: a system call failed, or the service threw
    limit_connections,   ///< `limit.connections`: the limit of open connections is reached
    limit_fd,            ///< `limit.fd`: the process or the system is out of descriptors
    limit_pushed,        ///< `limit.pushed`: the peer does not keep up with what is pushed to it
    limit_requests,      ///< `limit.requests`: a client's requests wait for too many replies
    limit_address,       ///< `limit.address`: too many connections of one address are open
    limit_evicted,       ///< `limit.evicted`: it was silent longest, and others needed its place
    limit_memory,        ///< `limit.memory`: memory is used up, or could not be had
    limit_drain,         ///< `limit.drain`: it was not finished when the server had to stop
    limit_denied,        ///< `limit.denied`: this address may not connect
    proxy_untrusted,     ///< `proxy.untrusted`: this peer may not announce an address
    proxy_missing,       ///< `proxy.missing`: the stream does not begin with a PROXY header
    proxy_syntax,        ///< `proxy.syntax`: a PROXY header that is malformed or too long
    proxy_timeout,       ///< `proxy.timeout`: the PROXY header took too long
    service_refused,     ///< `service.refused`: the service does not want this peer
    service_timeout,     ///< `service.timeout`: a deferred reply was not given in time
    service_unanswered,  ///< `service.unanswered`: a deferred reply was dropped without an answer
    service_failed,      ///< `service.failed`: the service could not make the reply
    service_outside_call,  ///< `service.outside_call`: an outbox was used outside its call
    tls_handshake,         ///< `tls.handshake`: the two ends could not agree on TLS
    tls_record,            ///< `tls.record`: what came after the handshake is not TLS
    tls_plaintext,         ///< `tls.plaintext`: the peer speaks without TLS
    tls_truncated,         ///< `tls.truncated`: the stream ended inside a frame, without TLS's end
    tls_timeout,           ///< `tls.timeout`: the handshake took too long
    tls_certificate_expired,   ///< `tls.certificate_expired`: not valid any more, or not yet
    tls_certificate_unknown,   ///< `tls.certificate_unknown`: no CA that is trusted has issued it
    tls_certificate_required,  ///< `tls.certificate_required`: the client has shown none
    tls_name_mismatch,         ///< `tls.name_mismatch`: the certificate is for other names
    limit_handshakes,  ///< `limit.handshakes`: others began theirs later, and the limit is reached
    store_busy,        ///< `store.busy`: the store cannot take messages for the moment
    store_full,        ///< `store.full`: there is no space left where the store is
    store_readonly,    ///< `store.readonly`: where the store is, nothing may be written
    store_failed,      ///< `store.failed`: a write or its confirmation failed
    store_corrupt,     ///< `store.corrupt`: the store's file is damaged
    store_conflict,    ///< `store.conflict`: another message with this id is stored already
};

/// The number of values of `errc`, which start at 1.
inline constexpr std::size_t errc_count = 50;

/// The dotted name, for instance `frame.length_syntax`.
[[nodiscard]] std::string_view error_name(errc code) noexcept;

[[nodiscard]] const std::error_category& error_category() noexcept;
[[nodiscard]] std::error_code make_error_code(errc code) noexcept;

/// The system's text for an `errno`, worded for the middle of a sentence.
[[nodiscard]] std::string system_words(int error);

/// Why and where a byte stream failed.
struct wire_error {
    errc code{};
    /// A stream offset: of the first wrong byte; of the frame's first byte if its size is wrong;
    /// of the stream's end if something is missing.
    std::uint64_t offset = 0;
    /// What was found and what was expected, with the bytes received. Depends on how many bytes
    /// had arrived; `code` and `offset` do not.
    std::string words;

    /// `frame.length_syntax at 0: "+5" ...`
    [[nodiscard]] std::string message() const;
};

}  // namespace framewire

template <>
struct std::is_error_code_enum<framewire::errc> : std::true_type {};
