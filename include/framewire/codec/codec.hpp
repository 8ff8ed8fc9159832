#pragma once

#include "framewire/codec/frame_layout.hpp"
#include "framewire/codec/open_frame.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/result.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

namespace framewire {

/// What happens to a frame whose length exceeds the bound.
enum class oversize : std::uint8_t {
    close,  ///< the stream fails with `frame.too_large`
    skip,   ///< the frame is discarded as it arrives, and the stream stays in step
};

/// What a decoder accepts.
struct bound {
    /// In bytes. Also applies to a length in characters, as each has at least one byte.
    std::uint64_t payload_bytes_max = unknown_length - 1;
    /// A length above this is refused if its header is the beginning of another protocol.
    std::uint64_t trusted_bytes_max = unknown_length - 1;
    oversize beyond = oversize::close;
    /// False if the caller cannot drop pieces that it has received already: then a frame cannot be
    /// skipped after its first piece.
    bool pieces_can_be_dropped = true;

    [[nodiscard]] bool may_skip_late() const noexcept {
        return beyond == oversize::skip && pieces_can_be_dropped;
    }
};

/// What a decoder found at the front of its input.
enum class step : std::uint8_t {
    need_more,  ///< all input is taken and no frame is complete: a value, not an error
    piece,      ///< a payload or a piece of one
    skipped,    ///< the end of a frame that was discarded for its size
    failed,     ///< the stream cannot be decoded further; every later call returns this again
};

struct decoded {
    step what = step::need_more;
    /// For `piece`: its bytes are in the input, or in the decoder.
    struct piece piece {};
    /// For `need_more`: at least so many more bytes are needed.
    std::uint64_t wanted = 0;

    bool operator==(const decoded&) const = default;
};

/// Where in a frame a decoder is.
enum class frame_phase : std::uint8_t { between_frames, header, payload };

/// A decoder receives every byte of a stream once and in order, in pieces of any size. It keeps
/// its own state, so it never needs a byte again, and allocates only for the words of an error.
///
/// `next` removes what it took from the front of `input`, and takes all of it before it returns
/// `need_more`. After `failed` it takes nothing.
template <class D>
concept stream_decoder = requires(D decoder, const D& view, bytes& input) {
    { decoder.next(input) } -> std::same_as<decoded>;
    /// Counts from this offset. Requires: `next` has not been called.
    { decoder.start_at(std::uint64_t{}) } -> std::same_as<void>;
    { view.phase() } -> std::same_as<frame_phase>;
    /// The number of bytes taken so far, and that at which the latest frame began.
    { view.offset() } -> std::convertible_to<std::uint64_t>;
    { view.frame_offset() } -> std::convertible_to<std::uint64_t>;
    /// Inside a payload: its length as the framing counts it; `unknown_length` elsewhere, and if
    /// the framing announces none.
    { view.announced() } -> std::same_as<std::uint64_t>;
    /// The error. Requires: `next` returned `failed`.
    { view.failure() } -> std::same_as<const wire_error&>;
    /// The error if the stream ends here. Requires: not between frames.
    { view.truncation() } -> std::same_as<wire_error>;
};

/// A decoder whose last payload may end where the stream ends.
template <class D>
concept decoder_until_the_end = stream_decoder<D> && requires(D decoder) {
    /// Called once all input is taken and the stream has ended: the last piece of a payload, or
    /// `need_more`. After a piece the decoder is between frames, and returns `need_more`.
    { decoder.end_of_stream() } -> std::same_as<decoded>;
};

/// A codec that writes other bytes than the payload's, or checks them as they come.
template <class C>
concept transforming_codec =
    requires(const C& codec, open_frame& frame, bytes data, std::string& out) {
        /// Appends a piece of the payload. `frame.bytes_written` does not count it yet. On failure
        /// `out` and `frame` are unchanged.
        { codec.append(frame, data, out) } -> std::same_as<tl::expected<void, errc>>;
        /// Appends what follows the payload. On failure `out` is unchanged.
        { codec.finish(std::as_const(frame), out) } -> std::same_as<tl::expected<void, errc>>;
    };

/// A codec whose payloads are written as they are.
template <class C>
concept copying_codec = requires(const C& codec, std::string& out) {
    { codec.end(out) } -> std::same_as<void>;
};

/// A codec that does not take every payload, or whose header announces another number than that
/// of its bytes.
template <class C>
concept measuring_codec = requires(const C& codec, bytes payload) {
    /// The length that the header of this payload announces.
    { codec.measure(payload) } -> std::same_as<tl::expected<std::uint64_t, errc>>;
};

template <class C>
tl::expected<std::uint64_t, errc> measure_for(const C& codec, bytes payload) {
    if constexpr (measuring_codec<C>) return codec.measure(payload);
    return payload.size();
}

/// A codec that writes something before a payload, or does not take every length.
template <class C>
concept beginning_codec = requires(const C& codec, std::string& out) {
    /// Appends a header. On failure `out` is unchanged.
    { codec.begin(std::uint64_t{}, out) } -> std::same_as<tl::expected<void, errc>>;
};

template <class C>
tl::expected<void, errc> begin_for(const C& codec, std::uint64_t announced, std::string& out) {
    if constexpr (beginning_codec<C>) return codec.begin(announced, out);
    return {};
}

/// A framing: a cheap value that makes decoders and writes headers. An encoded frame is `begin`,
/// the payload, `end`; of a `transforming_codec`, `begin`, `append`, `finish`. A codec that is
/// both checks a whole payload in `measure`, and one in pieces in `append`.
template <class C>
concept codec =
    (transforming_codec<C> || copying_codec<C>)&&stream_decoder<typename C::decoder_type> &&
    requires(const C& codec, bound limit) {
        { codec.decoder(limit) } -> std::same_as<typename C::decoder_type>;
        /// The layout of a frame, for people and other programs.
        { codec.describe() } -> std::same_as<frame_layout>;
    };

/// A codec that may write the first bytes of a payload before its length, or headers between its
/// bytes. `begin` checks the length and writes what comes before the payload; announced lengths
/// count the whole payload.
template <class C>
concept interrupting_codec =
    codec<C> && requires(const C& codec, std::uint64_t count, bytes data, std::string& out) {
        /// How many bytes come before the length.
        { codec.lead() } -> std::same_as<std::size_t>;
        /// Appends data, and what comes between, of a payload of which so many bytes were written
        /// (`count`: announced, written). Requires: `begin` has accepted the length, and the data
        /// fits.
        { codec.write_payload(count, count, data, out) } -> std::same_as<void>;
    };

/// A codec whose headers need an explanation; see `framing::describe_header`.
template <class C>
concept explained_codec = codec<C> && requires(const C& codec, bytes header) {
    { codec.describe_header(header) } -> std::same_as<std::string>;
};

}  // namespace framewire
