#pragma once

#include "framewire/codec/detail/reading_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

class dot_reader {
public:
    explicit dot_reader(bool lf_only) noexcept : lf_only_(lf_only) {}

    reading_step read(bytes input) noexcept;
    [[nodiscard]] std::size_t wanted() const noexcept;
    [[nodiscard]] bytes end_name() const noexcept { return lf_only_ ? ".\n" : ".\r\n"; }
    [[nodiscard]] complaint complain(bytes beginning, bytes input) const;

private:
    enum class place : std::uint8_t { line_start, after_dot, line, after_cr, end_after_cr };

    reading_step read_lines(bytes input) noexcept;
    [[nodiscard]] std::size_t scan_line(bytes input, std::size_t at) noexcept;

    bool lf_only_;
    place place_ = place::line_start;
};

/// `dot`: lines up to one that is a dot alone; a dot that begins another line is doubled (RFC
/// 5321, section 4.5.2; RFC 1939, section 3; RFC 3977, section 3.1.1). The payload is the lines
/// with their ends. Strict: no CR or LF alone, and no line that begins with one dot.
struct dot {
    using decoder_type = reading_decoder<dot_reader>;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return false; }

    bool lf_only = false;

    static result<dot> parse(spec_reader& spec);

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {dot_reader(lf_only), limit};
    }
    /// Fails with `frame.delimiter` at a CR or LF that does not end a line.
    tl::expected<void, errc> append(open_frame& frame, bytes data, std::string& out) const;
    /// Fails with `frame.wrong_size` if the last line has no end.
    tl::expected<void, errc> finish(const open_frame& frame, std::string& out) const;
    [[nodiscard]] frame_layout describe() const;
};

static_assert(codec<dot> && transforming_codec<dot>);

}  // namespace framewire
