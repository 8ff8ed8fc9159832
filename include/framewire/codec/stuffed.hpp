#pragma once

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
    /// Ends a frame. `flag_begins`: begins one, too. `escape_ends`: only after `escape`.
    char flag;
    char escape;
    std::array<escaped, 2> pairs;
    bool flag_begins = true;
    bool escape_ends = false;
    grammar own = grammar::none;

    [[nodiscard]] const escaped* find_byte(char byte) const noexcept;
    [[nodiscard]] const escaped* find_written(char written) const noexcept;
};

class stuffing_reader {
public:
    explicit stuffing_reader(const stuffing& rules) noexcept : rules_(&rules) {}

    reading_step read(bytes input) noexcept;
    [[nodiscard]] std::size_t wanted() const noexcept { return 1; }
    [[nodiscard]] bytes end_name() const noexcept {
        return rules_->escape_ends ? bytes(&rules_->escape, 1) : bytes(&rules_->flag, 1);
    }
    [[nodiscard]] complaint complain(bytes beginning, bytes input) const;

private:
    reading_step read_escaped(bytes input) noexcept;

    const stuffing* rules_;
    bool inside_ = false;
    bool after_escape_ = false;
    char decoded_ = '\0';
};

/// `slip` (RFC 1055), `kiss`: a frame is between two bytes 0xC0. Inside it 0xDB 0xDC means 0xC0
/// and 0xDB 0xDD means 0xDB; what else follows 0xDB is an error. The first 0xC0 may be missing,
/// and there may be more of them between frames, so that an empty payload cannot be sent.
struct stuffed {
    using decoder_type = reading_decoder<stuffing_reader>;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return false; }

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
