#pragma once

#include "framewire/codec/every_codec.hpp"
#include "framewire/codec/open_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace framewire {

/// Decodes frames of any framing; see `stream_decoder` for the contract.
class decoder {
public:
    /// That of this codec.
    template <codec C>
    decoder(const C& one, bound limit)
        : any_(std::in_place_type<typename C::decoder_type>, made_by<C>{one, limit}) {}

    decoded next(bytes& input) {
        constexpr std::size_t usual = 6;  // those of lengths, lines and `fixed`
        return visit_inline<usual>(any_, [&](auto& one) { return one.next(input); });
    }
    /// Calls `act` with the framing's own decoder, to select it once for many calls.
    template <class Act>
    auto visit(Act& act) {
        return visit_inline(any_, act);
    }
    void start_at(std::uint64_t offset) noexcept {
        visit_inline(any_, [&](decoder_state& one) { one.start_at(offset); });
    }
    [[nodiscard]] frame_phase phase() const noexcept { return state().phase(); }
    [[nodiscard]] std::uint64_t offset() const noexcept { return state().offset(); }
    [[nodiscard]] std::uint64_t frame_offset() const noexcept { return state().frame_offset(); }
    [[nodiscard]] std::uint64_t announced() const noexcept {
        return visit_inline(any_, [](const auto& one) { return one.announced(); });
    }
    /// The first bytes of an unfinished frame, as far as they are known. Requires: not between
    /// frames, and no failure.
    [[nodiscard]] bytes beginning() const noexcept { return state().beginning(); }
    [[nodiscard]] const wire_error& failure() const noexcept { return state().failure(); }
    [[nodiscard]] wire_error truncation() const {
        return visit_inline(any_, [](const auto& one) { return one.truncation(); });
    }
    /// See `decoder_until_the_end`; `need_more` from all others.
    decoded end_of_stream() {
        return visit_inline(any_, []<class D>(D& one) -> decoded {
            if constexpr (decoder_until_the_end<D>) return one.end_of_stream();
            return {};
        });
    }

private:
    // Converted to a decoder where it is kept: it need not be moved there.
    template <codec C>
    struct made_by {
        const C& one;
        bound limit;
        operator typename C::decoder_type() const { return one.decoder(limit); }
    };

    // At the same address in each: a compiler finds it without a comparison.
    [[nodiscard]] const decoder_state& state() const noexcept {
        return visit_inline(any_,
                            [](const decoder_state& one) -> const decoder_state& { return one; });
    }

    every_codec::any_decoder any_;
};

static_assert(stream_decoder<decoder>);

class spec_reader;

/// Where frames begin and end in a byte stream, described in one word: `digits:10,count=chars`.
/// A value: copy it freely and use it from any number of threads at once.
class framing {
public:
    /// Parses a spec. On failure the message names the position and what was expected there.
    static result<framing> parse(std::string_view spec);

    /// The spec as it was written.
    [[nodiscard]] const std::string& spec() const noexcept { return spec_; }
    /// The option `max`, in bytes, if given.
    [[nodiscard]] std::optional<std::uint64_t> payload_bytes_max() const noexcept { return max_; }
    /// The option `oversize`: what a decoder does with larger frames.
    [[nodiscard]] oversize beyond() const noexcept { return beyond_; }
    /// The option `first`: the framing of a stream's first frame, all others being of this one.
    /// Null if they are alike. Valid as long as this object or a copy of it.
    [[nodiscard]] const framing* first() const noexcept;
    /// The option `reply`: the framing of what the other end sends, which has a `first` of its
    /// own; this one if both directions are alike. Valid as long as this object or a copy of it.
    [[nodiscard]] const framing& replies() const noexcept;
    /// True if there is no option `reply`.
    [[nodiscard]] bool is_symmetric() const noexcept { return &replies() == this; }
    /// This one, with another as its `reply`.
    [[nodiscard]] framing with_reply(const framing& other) const;
    /// The same conversation as the other end sees it: `replies()`, with this one as its `reply`.
    [[nodiscard]] framing reversed() const;

    /// True for `raw`: the borders of payloads are those of reads and mean nothing.
    [[nodiscard]] bool is_raw() const noexcept;

    /// Why a payload of this size cannot be framed, after a function above has failed with `why`.
    [[nodiscard]] wire_error refusal(errc why, std::uint64_t size = unknown_length) const;

    /// False for `raw`, `line`, `delimiter` and `mllp`, whose frames can be begun before the
    /// payload's length is known.
    [[nodiscard]] bool announces_length() const noexcept;
    /// True if each piece of a payload is a chunk of its own, so that `append` and `encode` may
    /// write the same payload differently.
    [[nodiscard]] bool writes_chunks() const noexcept {
        return std::holds_alternative<chunks>(codec_);
    }
    /// True if a payload has one encoding only: the frame that it was decoded from is the one that
    /// `encode` would write.
    [[nodiscard]] bool is_canonical() const noexcept;
    /// What the announced length counts.
    [[nodiscard]] counting counts() const noexcept;

    /// The layout of its frames.
    [[nodiscard]] frame_layout describe() const;
    /// How a complete header encodes its length: `00 00 01 00 = 256, + adjust -4`. Empty if the
    /// header is plain text; the length's field if the header has several.
    [[nodiscard]] std::string describe_header(bytes header) const;

    /// A decoder of this framing alone, without `first`, which accepts payloads up to the smaller
    /// of `payload_bytes_max` and the spec's own `max`. A caller that passes on pieces of frames
    /// larger than `held_bytes_max` cannot drop such a frame later: if that is less than the
    /// bound, a frame whose size in bytes is not announced fails beyond the bound in spite of
    /// `oversize=skip`. A length above `held_bytes_max` is refused, unless the spec has a `max`,
    /// if its header is the beginning of another protocol.
    [[nodiscard]] class decoder decoder(std::uint64_t payload_bytes_max = unknown_length - 1,
                                        std::uint64_t held_bytes_max = unknown_length) const;

    /// Appends one frame to `out`. On failure (`frame.too_large`, `frame.wrong_size`,
    /// `frame.utf8`, `frame.delimiter`) `out` is unchanged: a frame is sent whole or not at all.
    tl::expected<void, errc> encode(bytes payload, std::string& out) const;

    /// Appends a frame that has no payload but is a message of its own (`piece::idle`). Fails with
    /// `frame.wrong_size` if the framing has no option `idle` that names this field.
    tl::expected<void, errc> encode_idle(std::uint32_t field, std::string& out) const;

    /// Appends the header of a frame whose payload follows in pieces; `announced` is its length as
    /// the framing counts it. `unknown_length` fails with `frame.wrong_size` if the framing
    /// announces lengths.
    tl::expected<open_frame, errc> begin(std::uint64_t announced, std::string& out) const;
    /// Appends a piece of the payload. On failure `out` is unchanged: `frame.wrong_size` for more
    /// than was announced, `frame.too_large`, `frame.utf8`, `frame.delimiter`.
    tl::expected<void, errc> append(open_frame& frame, bytes data, std::string& out) const;
    /// Appends what follows the payload. On failure `out` is unchanged: `frame.wrong_size` for
    /// less than was announced, `frame.utf8`, `frame.delimiter`. No other frame may follow one
    /// that cannot be ended.
    tl::expected<void, errc> end(const open_frame& frame, std::string& out) const;

private:
    framing(std::string spec, every_codec::any_codec codec)
        : spec_(std::move(spec)), codec_(codec) {}

    struct other_framings;

    [[nodiscard]] const framing& alone() const noexcept;

    result<void> take_others(spec_reader& reader, std::string_view spec);

    std::string spec_;
    every_codec::any_codec codec_;
    std::optional<std::uint64_t> max_;
    oversize beyond_ = oversize::close;
    std::shared_ptr<const other_framings> others_;  // null without `first` and `reply`

    friend struct framing_row;
};

}  // namespace framewire
