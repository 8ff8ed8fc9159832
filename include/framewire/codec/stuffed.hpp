#pragma once

#include "framewire/codec/detail/find_either.hpp"
#include "framewire/codec/detail/reading_decoder.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

class spec_reader;

/// How a byte that ends frames is written inside one.
struct stuffing {
    /// An escaped byte, and what is written for it after `escape`.
    struct escaped {
        char byte;
        char written;
    };

    std::string_view name;
    /// Ends a frame, and begins it.
    char flag;
    char escape;
    std::array<escaped, 2> pairs;
    /// Any byte but the flag may be escaped: these bits of it are inverted.
    char flips = 0;
    /// A frame is ended by the flag after an escape, and begun by nothing.
    bool escape_ends = false;
    /// What ends a frame.
    bytes end;
    grammar own = grammar::none;

    [[nodiscard]] const escaped* find_byte(char byte) const noexcept;
    [[nodiscard]] const escaped* find_written(char written) const noexcept;
};

class stuffing_reader {
public:
    explicit stuffing_reader(const stuffing& rules) noexcept : rules_(&rules) {}

    reading_step read(bytes input) noexcept;
    [[nodiscard]] std::size_t wanted() const noexcept {
        const bool ends_next = rules_->escape_ends == after_escape_;
        return ends_next ? 1 : 2;
    }
    [[nodiscard]] bytes end_name() const noexcept { return rules_->end; }
    [[nodiscard]] complaint complain(bytes beginning, bytes input) const;

private:
    reading_step read_escaped(char byte) noexcept;

    const stuffing* rules_;
    bool inside_ = false;
    bool after_escape_ = false;
    char decoded_ = '\0';
};

/// A byte that ends frames, and others that are written for it inside them.
///
/// `slip` (RFC 1055), `kiss`: a frame is between two bytes 0xC0. Inside it 0xDB 0xDC means 0xC0
/// and 0xDB 0xDD means 0xDB; what else follows 0xDB is an error. The first 0xC0 may be missing,
/// and there may be more of them between frames, so that an empty payload cannot be sent. `hdlc`
/// (RFC 1662, section 4) and `jt808` (JT/T 808, section 4.4.2) are the same with 0x7E and 0x7D;
/// what they write at the end to check a frame is payload. `tn3270` (RFC 885) ends a record with
/// 0xFF 0xEF, and doubles 0xFF inside it.
struct stuffed {
    using decoder_type = reading_decoder<stuffing_reader>;
    static constexpr bool announces_length = false;
    [[nodiscard]] bool is_canonical() const noexcept { return rules->escape_ends; }

    const stuffing* rules;

    static result<stuffed> parse(spec_reader& spec);

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {stuffing_reader(*rules), limit};
    }
    /// Fails with `frame.wrong_size` if the payload is empty and could not be seen.
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept;
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& out) const;
    tl::expected<void, errc> append(open_frame& frame, bytes data, std::string& out) const;
    tl::expected<void, errc> finish(const open_frame& frame, std::string& out) const;
    [[nodiscard]] frame_layout describe() const;
};

static_assert(codec<stuffed> && transforming_codec<stuffed>);

}  // namespace framewire
