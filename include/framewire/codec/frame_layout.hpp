#pragma once

#include "framewire/codec/detail/boundary.hpp"
#include "framewire/core/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// What a length counts.
enum class counting : std::uint8_t {
    in_bytes,
    in_characters,  ///< UTF-8 code points, as Python's `len` of a `str` does
};

/// How a length before a payload is written.
enum class notation : std::uint8_t {
    none,        ///< not at all: every payload has `payload_size` bytes
    digits,      ///< as decimal digits that fill `width`
    hex,         ///< as hexadecimal digits that fill `width`
    bcd,         ///< as two decimal digits in each of `width` bytes
    binary,      ///< as an integer of `width` bytes
    varint,      ///< as an unsigned LEB128 number of at most `width` bytes
    terminated,  ///< as decimal digits up to `terminator`, at most ten and without leading zeros
    fields,      ///< in header fields, one of which is Content-Length
};

/// What ends a line.
enum class line_ends : std::uint8_t { crlf, lf, any };

/// Header fields, one of which has the length.
struct field_layout {
    std::vector<std::string> names{"Content-Length"};
    line_ends eol = line_ends::crlf;
    bool has_start_line = false;   ///< a line before the fields, in any words
    bool any_blanks = false;       ///< around a value: any number of them, else one before it
    bool may_be_missing = false;   ///< no such field: an empty payload, or
    bool ends_at_trailer = false;  ///< one that ends where the trailer begins
    bool is_in_payload = false;    ///< the header is delivered as it came, before what it counts
    /// What begins data of another form: a channel, two bytes of length, and so many bytes.
    std::optional<char> interleaved{};
};

/// A length before a payload. Fields that do not apply to its notation keep their defaults.
struct length_layout {
    static constexpr std::uint64_t all_bits = ~std::uint64_t{0};

    notation written = notation::none;
    counting unit = counting::in_bytes;
    std::uint64_t payload_size = 0;
    std::size_t width = 0;
    bool padded_right = false;  ///< digits: spaces after them fill the width
    bool padded_left = false;   ///< digits: spaces before them do; with neither, zeros
    std::string terminator{};
    std::size_t word = 1;   ///< terminated: which word it is; those before it are payload
    bool any_form = false;  ///< varint: it need not be the shortest
    bool little_endian = false;
    std::size_t offset = 0;   ///< bytes of the header before the length, magic and lead among them
    std::string magic{};      ///< what those bytes begin with
    std::size_t lead = 0;     ///< the last of those bytes, which are the payload's first
    std::int64_t adjust = 0;  ///< added to the length to get the size of the payload after `lead`
    std::uint64_t mask = all_bits;  ///< the bits of the field that are the length
    std::uint64_t more = 0;         ///< bits of the field that say that the payload continues
    std::uint64_t last = 0;         ///< or that it ends
    bool joins_full = false;        ///< a frame of the largest length continues in the next
    /// A field from `idle_first` to `idle_last` is a frame without a payload.
    std::optional<std::uint64_t> idle_first{};
    std::uint64_t idle_last = 0;
    std::uint64_t unit_size = 1;  ///< the length counts so many bytes
    std::uint64_t align = 1;      ///< zeros fill the frame up to a multiple of it
    std::size_t plus_width = 0;   ///< bytes of a second length, which is added
    std::size_t plus_at = 0;      ///< where in the header it is
    std::size_t trailer_size = 0;
    std::string trailer{};  ///< its required value; empty if any will do
    field_layout fields{};
    /// The expected header, as error messages name it; empty if there is no header.
    std::string expectation{};

    /// True if people read the header in hexadecimal rather than as text.
    [[nodiscard]] bool is_binary() const noexcept {
        return written == notation::binary || written == notation::varint ||
               written == notation::bcd;
    }
    /// The size of the header, if it is fixed.
    [[nodiscard]] std::optional<std::uint64_t> header_size() const noexcept {
        const bool varies = written >= notation::varint;
        return varies ? std::nullopt : std::optional<std::uint64_t>(offset + width);
    }
};

/// Framings that neither a length nor an end describes: each has a grammar of its own.
enum class grammar : std::uint8_t {
    none,
    // The payload is written in other bytes, so that its end cannot occur in it.
    slip,
    kiss,
    cobs,
    hdlc,
    dot,
    telnet,
    jt808,
    // A value that ends by itself.
    ber,
    json,
    resp,
    msgpack,
    cbor,
    bencode,
    // A message or line that says what follows.
    fix,
    nats,
    memcached,
    beanstalkd,
    imap,
    syslog_any,
    // A payload in parts.
    chunks,  ///< each with the layout's `length`; an empty one is the end
    chunked,
    netconf11,
    stream,  ///< what comes until the stream ends
};

/// The layout of a framing's frames, for programs that explain frames or generate readers of them.
/// With neither a length nor an end nor a grammar, a payload is what one read returns.
struct frame_layout {
    std::optional<length_layout> length{};
    /// What every frame begins with, if payloads have an end.
    std::string start{};
    /// What ends a payload if its length is not announced.
    std::optional<boundary> end{};
    /// What ends it as well.
    std::vector<boundary> other_ends{};
    /// Bytes after the end that belong to the frame.
    std::size_t trailer_size = 0;
    /// Bytes that may be between frames and are passed over.
    std::string skip{};
    grammar own = grammar::none;
    /// Of a grammar of lines.
    line_ends eol = line_ends::crlf;
};

}  // namespace framewire
