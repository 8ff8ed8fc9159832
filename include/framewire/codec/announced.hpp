#pragma once

#include "framewire/codec/detail/announced_header.hpp"

#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// A framing that announces a payload's length: a way to write a number, and the options that all
/// of them take.
///
///     [,magic=BYTES] [,lead=N] [,offset=N] [,adjust=±N] [,end=BYTES] [,trailer=N]
///
/// The first `lead` bytes of the payload come between the magic and the number. With `offset`,
/// bytes before the number that are not magic may be anything, as those of the trailer; both are
/// sent as zeros. `end` is sent and checked.
template <length_number Number>
struct announced {
    using decoder_type = prefixed_decoder<announced_header<Number>>;
    static constexpr bool announces_length = true;

    Number number{};
    length_options options{};
    // What follows from them and is asked for in every frame that is sent.
    bool is_plain = options.is_plain();
    std::uint64_t value_max = number.value_max();

    static result<announced> parse(spec_reader& spec);

    [[nodiscard]] bool is_canonical() const noexcept {
        return options.is_canonical() && number.is_canonical();
    }
    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {counts(), limit, number, options, is_plain};
    }
    [[nodiscard]] counting counts() const noexcept {
        if constexpr (requires { number.count; }) return number.count;
        return counting::in_bytes;
    }
    /// Fails with `frame.utf8` if characters are counted and the payload is not UTF-8.
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        if (counts() == counting::in_bytes) return payload.size();
        const auto characters = count_utf8(payload);
        if (characters == unknown_length) return tl::unexpected(errc::frame_utf8);
        return characters;
    }
    [[nodiscard]] std::size_t lead() const noexcept { return options.lead; }
    /// The payload bytes of a frame that continues in the next; `unknown_length` if none does.
    [[nodiscard]] std::uint64_t fragment_bytes_max() const noexcept {
        return options.joins() ? options.fragment_bytes_max(value_max) : unknown_length;
    }
    /// Fails with `frame.too_large` if the number has no room for the length, and with
    /// `frame.wrong_size` if `adjust` would make it negative, or the payload has not even its
    /// lead.
    tl::expected<void, errc> begin(std::uint64_t length, std::string& out) const {
        if (!is_plain) return begin_among_options(length, out);
        if (length > value_max) return tl::unexpected(errc::frame_too_large);
        number.write(length, out);
        return {};
    }
    void write_payload(std::uint64_t length, std::uint64_t written, bytes data,
                       std::string& out) const {
        if (is_plain || (options.lead == 0 && !options.joins())) {
            out += data;
        } else {
            write_interrupted(length, written, data, out);
        }
    }
    /// Fails with `frame.wrong_size` if this is no idle field.
    tl::expected<void, errc> encode_idle(std::uint32_t field, std::string& out) const;
    void end(std::string& out) const {
        if (options.trailer_size() > 0) options.write_trailer(out);
    }
    [[nodiscard]] frame_layout describe() const;
    [[nodiscard]] std::string describe_header(bytes header) const;

private:
    tl::expected<void, errc> begin_among_options(std::uint64_t length, std::string& out) const;
    [[nodiscard]] std::uint64_t last_fragment(std::uint64_t length) const;
    void write_length(std::uint64_t left, std::string& out) const;
    void write_interrupted(std::uint64_t length, std::uint64_t written, bytes data,
                           std::string& out) const;
};

}  // namespace framewire
