#pragma once

#include "framewire/codec/detail/counted_payload.hpp"
#include "framewire/codec/detail/decoder_state.hpp"
#include "framewire/codec/detail/diagnosis.hpp"
#include "framewire/codec/detail/header_memo.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// The result of reading a header.
struct header_step {
    /// Bytes that belong to the header; meaningless with an error.
    std::size_t taken = 0;
    bool complete = false;
    std::optional<errc> error{};
};

/// A length before its payload, read as it arrives.
template <class H>
concept length_header = requires(H header, const H& view, bytes input, std::uint64_t length_max) {
    /// Takes bytes from the front of `input`, up to the first that decides: the last of the
    /// header, a wrong one, or the one that raises the length above `length_max`.
    { header.advance(input, length_max) } -> std::same_as<header_step>;
    { header.reset() } -> std::same_as<void>;
    /// The payload's length, with its lead, once the header is complete.
    { view.length() } -> std::same_as<std::uint64_t>;
    /// The number of bytes taken; after an error, the offset of the wrong one in the header.
    { view.taken() } -> std::same_as<std::size_t>;
    { view.wanted() } -> std::same_as<std::size_t>;
    /// What the header should be, for error messages: `10 decimal digits`.
    { view.expectation() } -> std::same_as<std::string>;
};

/// A header that can be read at once if all of it has arrived.
template <class H>
concept quick_header = requires(const H& view, bytes input, std::uint64_t& length) {
    /// The header's size, if `input` certainly holds all of it and it is valid and announces at
    /// most `length`, which is then set to what it announces. Otherwise 0, and `advance` decides.
    /// Does not read a header that may be incomplete, so that no byte is read twice because it
    /// came in pieces.
    { view.peek(input, length) } -> std::same_as<std::size_t>;
};

/// A header of no bytes: a frame is its payload, of a length that is known.
template <class H>
concept empty_header = H::is_empty;

/// A header whose frames have bytes after the payload.
template <class H>
concept header_with_trailer = requires(const H& view, char byte, std::size_t at) {
    { view.trailer_size() } -> std::same_as<std::size_t>;
    /// Whether this byte may be the one at `at`.
    { view.accepts_in_trailer(byte, at) } -> std::same_as<bool>;
};

/// A header in which the first bytes of the payload come before the length.
template <class H>
concept header_with_lead = requires(const H& view) {
    /// Where they begin, and their number. Both together are at most `sample::bytes_max`: a lead
    /// that came in pieces is delivered out of the sample.
    { view.lead_at() } -> std::same_as<std::size_t>;
    { view.lead_size() } -> std::same_as<std::size_t>;
};

/// A header that may announce no payload but be a message of its own, or a payload that continues
/// in the next frame. Requires of its functions: the header was complete.
template <class H>
concept header_with_meaning = requires(const H& view) {
    { view.idle() } -> std::same_as<std::optional<std::uint32_t>>;
    /// Payloads may continue; requires nothing.
    { view.joins() } -> std::same_as<bool>;
    /// The payload continues.
    { view.continues() } -> std::same_as<bool>;
};

/// A header that recognises what was mistaken for it.
template <class H>
concept recognising_header = requires(const H& view, const misread& what) {
    { view.recognise(what) } -> std::same_as<std::string_view>;
};

/// The decoder of every framing that announces the payload's length first.
template <length_header Header>
class prefixed_decoder : public decoder_state {
public:
    /// The header is made of the last arguments, in its place.
    template <class... Parts>
    prefixed_decoder(counting unit, bound limit, const Parts&... header) noexcept
        : decoder_state(limit), header_(header...), payload_(unit) {
        limit_.trusted_bytes_max = std::min(limit.trusted_bytes_max, limit.payload_bytes_max);
    }

    decoded next(bytes& input) {
        if constexpr (quick_header<Header>) {
            if (place_ == place::between) {
                auto length = limit_.trusted_bytes_max;
                const auto head = header_.peek(input, length);
                if (head != 0) {
                    const auto size = whole_frame(input, head, length);
                    if (size == 0) return next_after(input, head, length);
                    const bytes payload(input.data() + head, static_cast<std::size_t>(length));
                    return take_frame(input, size, {payload, length});
                }
            }
        }
        if constexpr (empty_header<Header>) {
            const auto length = header_.length();
            const auto most = std::min<std::uint64_t>(input.size(), limit_.trusted_bytes_max);
            if (place_ == place::between && length <= most) {
                const auto payload = input.substr(0, static_cast<std::size_t>(length));
                return take_frame(input, payload.size(), {payload, length});
            }
        }
        return next_piece(input);
    }

    /// See `run_decoder`.
    void find_run(bytes input, run_bounds bounds, frame_run& run) const noexcept
        requires quick_header<Header>
    {
        if (place_ != place::between || payload_.unit() != counting::in_bytes) return;
        const auto* at = input.data();
        const auto* const end = at + input.size();
        const auto* const stop = bounds.bytes < input.size() ? at + bounds.bytes : end;
        const auto trailer = static_cast<std::uint8_t>(trailer_size());
        run.canonical_trailer = trailer;
        if constexpr (requires { header_.is_canonical(); }) run.canonical = header_.is_canonical();
        header_memo memo;
        while (at < stop && run.size() < bounds.frames) {
            const bytes rest(at, static_cast<std::size_t>(end - at));
            auto length = limit_.trusted_bytes_max;
            auto head = memo.recall(rest, length);
            if (head == 0) {
                head = header_.peek(rest, length);
                if (head == 0) break;
                memo.keep(rest, head, length);
            }
            const auto size = whole_frame(rest, head, length);
            if (size == 0) break;
            const frame_edges edges{static_cast<std::uint8_t>(head), trailer};
            run.add(at, edges, length);
            at += size;
            if (trailer > 0) continue;  // each is to be checked
            // Most messages of a peer have the size of the one before.
            const auto alike = memo.alike(at, stop, end, size, bounds.frames - run.size());
            run.add_alike(at, size, edges, length, alike);
            at += alike * size;
        }
        run.end(at);
    }

    [[nodiscard]] std::uint64_t announced() const noexcept {
        return phase() == frame_phase::payload && !is_joined() ? payload_.length()
                                                               : unknown_length;
    }
    [[nodiscard]] wire_error truncation() const;

private:
    // The fast path: most frames come whole and are valid.

    // The frame's size, if all of it is there and valid; otherwise 0.
    [[nodiscard]] std::size_t whole_frame(bytes input, std::size_t head,
                                          std::uint64_t length) const noexcept {
        auto left = input.size() - head;
        if (left < length || payload_.unit() != counting::in_bytes) return 0;
        const auto end = head + static_cast<std::size_t>(length);
        if constexpr (header_with_trailer<Header>) {
            const auto size = header_.trailer_size();
            if (size == 0) return end;  // without waiting for the sum
            left -= static_cast<std::size_t>(length);
            if (left < size) return 0;
            for (std::size_t at = 0; at < size; ++at) {
                if (!header_.accepts_in_trailer(input[end + at], at)) return 0;
            }
            return end + size;
        }
        return end;
    }

    [[nodiscard]] std::size_t trailer_size() const noexcept {
        if constexpr (header_with_trailer<Header>) return header_.trailer_size();
        return 0;
    }
    decoded next_after(bytes& input, std::size_t head, std::uint64_t length);
    decoded next_piece(bytes& input);
    [[nodiscard]] bool is_whole(bytes input, std::size_t head) const noexcept;
    std::optional<decoded> read_header(bytes& input);
    std::optional<decoded> deliver_lead(bytes head);
    decoded refuse_other_protocol();
    [[nodiscard]] std::uint64_t length_max() const noexcept;
    decoded finish_fragment(bytes data);
    // True if the payload is in several frames.
    [[nodiscard]] bool is_joined() const noexcept {
        if constexpr (header_with_meaning<Header>) return joins_ || header_.continues();
        return false;
    }
    [[nodiscard]] bool may_join() const noexcept {
        if constexpr (header_with_meaning<Header>) return header_.joins();
        return false;
    }
    [[nodiscard]] std::uint64_t announced_payload() const noexcept {
        return is_joined() ? unknown_length : payload_.length();
    }
    void begin_payload(std::uint64_t length) noexcept;
    decoded read_payload(bytes& input, std::size_t taken);
    decoded read_trailer(bytes& input, bytes data);
    decoded finish_frame(bytes data);
    decoded deliver(bytes data, bool last, std::uint64_t announced);
    decoded fail_header(errc code, std::uint64_t header_offset, bytes rest);
    decoded fail_for_good(errc code, std::uint64_t offset, std::string words);
    [[nodiscard]] std::string recognise(errc code, bytes beginning) const;
    [[nodiscard]] bool frames_follow(bytes beginning, std::uint64_t length_max) const;
    [[nodiscard]] bool is_made_of_frames(bytes rest, std::uint64_t length_max) const;

    Header header_;
    counted_payload payload_;
    std::uint64_t joined_bytes_ = 0;  // of the payload, in the frames before
    bool joins_ = false;              // this frame continues a payload
    std::uint8_t trailer_taken_ = 0;
};

}  // namespace framewire
