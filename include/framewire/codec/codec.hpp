#pragma once

#include "framewire/codec/frame_layout.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/result.hpp"

#include <concepts>
#include <cstdint>
#include <string>

namespace framewire {

/// What is done with a frame whose announced length exceeds the bound.
enum class oversize : std::uint8_t {
    close,  ///< the stream fails with `frame.too_large`
    skip,   ///< the frame is discarded as it arrives, and the stream stays in step
};

/// What a decoder lets pass.
struct bound {
    /// In bytes; a length that counts characters is held to it as well, each being at least one
    /// byte.
    std::uint64_t payload_bytes_max = unknown_length - 1;
    oversize beyond = oversize::close;
    /// False if parts that have been handed out cannot be taken back: a frame that turns out too
    /// large only then cannot be skipped.
    bool parts_can_be_dropped = true;

    [[nodiscard]] bool may_skip_late() const noexcept {
        return beyond == oversize::skip && parts_can_be_dropped;
    }
};

/// What a decoder found at the front of its input.
enum class step : std::uint8_t {
    need_more,  ///< all input is taken, and nothing more can be said: a value, not an error
    piece,      ///< a payload or a piece of one
    skipped,    ///< the end of a frame that was discarded for its size
    failed,     ///< the stream cannot be read on; every later call says so again
};

struct decoded {
    step what = step::need_more;
    /// For `piece`: its bytes lie in the input that was given.
    struct piece piece {};
    /// For `need_more`: nothing new can be said before at least so many more bytes.
    std::uint64_t wanted = 0;

    bool operator==(const decoded&) const = default;
};

/// Where in a frame a decoder stands.
enum class frame_phase : std::uint8_t { between_frames, header, payload };

/// A decoder is fed every byte of a stream once and in order, split anyhow. It keeps its own
/// state, so it never asks to see a byte again, and it allocates nothing but the words of an
/// error.
///
/// `next` removes what it took from the front of `input`, and takes all of it before it answers
/// `need_more`. After `failed` it takes nothing.
template <class D>
concept stream_decoder = requires(D decoder, const D& view, bytes& input) {
    { decoder.next(input) } -> std::same_as<decoded>;
    { view.phase() } -> std::same_as<frame_phase>;
    /// Bytes taken so far, and how many had been taken when the latest frame began.
    { view.offset() } -> std::convertible_to<std::uint64_t>;
    { view.frame_offset() } -> std::convertible_to<std::uint64_t>;
    /// Inside a payload: its length as its framing counts; `unknown_length` elsewhere, and where
    /// the framing announces none.
    { view.announced() } -> std::same_as<std::uint64_t>;
    /// The error behind `step::failed`.
    { view.failure() } -> std::same_as<const wire_error&>;
    /// The error that the end of the stream here would be; meaningless between frames.
    { view.truncation() } -> std::same_as<wire_error>;
};

/// A framing: a cheap value that makes decoders and writes headers. An encoded frame is
/// `begin`, the payload, `end`.
template <class C>
concept codec = stream_decoder<typename C::decoder_type> &&
                requires(const C& codec, bytes payload, std::string& out, bound limit) {
                    { codec.decoder(limit) } -> std::same_as<typename C::decoder_type>;
                    /// The length that this payload's header announces.
                    { codec.measure(payload) } -> std::same_as<tl::expected<std::uint64_t, errc>>;
                    /// Appends a header. On failure `out` is as it was.
                    {
                        codec.begin(std::uint64_t{}, out)
                    } -> std::same_as<tl::expected<void, errc>>;
                    { codec.end(out) } -> std::same_as<void>;
                    /// What a frame consists of, for people and for other programs.
                    { codec.describe() } -> std::same_as<frame_layout>;
                };

/// A codec whose headers need to be explained; see `framing::describe_header`.
template <class C>
concept explained_codec = codec<C> && requires(const C& codec, bytes header) {
    { codec.describe_header(header) } -> std::same_as<std::string>;
};

}  // namespace framewire
