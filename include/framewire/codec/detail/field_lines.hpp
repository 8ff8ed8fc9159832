#pragma once

#include "framewire/codec/detail/decimal_length.hpp"
#include "framewire/codec/detail/optional_errc.hpp"
#include "framewire/codec/frame_layout.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

class spec_reader;

/// The names that the field with the length may have, compared without regard to case.
class field_names {
public:
    static constexpr std::size_t names_max = 4;
    static constexpr std::size_t bytes_max = 40;

    [[nodiscard]] static field_names usual() noexcept {
        field_names names;
        names.add("Content-Length");
        return names;
    }
    /// Requires: at most `names_max` names, of `bytes_max` bytes together.
    void add(std::string_view name) noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    /// As they were added.
    [[nodiscard]] std::string_view name(std::size_t at) const noexcept {
        const auto begin = at == 0 ? std::size_t{0} : ends_[at - 1];
        return std::string_view(text_.data(), ends_[at]).substr(begin);
    }

private:
    std::array<char, bytes_max> text_{};
    std::array<std::uint8_t, names_max> ends_{};
    std::uint8_t count_ = 0;
};

/// What a header in lines may look like.
struct field_rules {
    /// No length field.
    enum class missing : std::uint8_t {
        is_error,
        is_zero,
        is_end,  ///< the payload has an end of its own
    };

    field_names names = field_names::usual();
    line_ends eol = line_ends::crlf;
    bool has_start_line = false;
    bool any_blanks = false;
    bool has_any_names = false;  ///< a name may begin with any byte of one
    missing without = missing::is_error;
    /// Whether `peek` reads what `write` writes.
    bool is_usual = true;

    /// Takes the options `field`, `eol`, `blanks`, `missing` and `start`.
    static result<field_rules> parse(spec_reader& spec);

    [[nodiscard]] std::string_view line_end() const noexcept {
        return eol == line_ends::lf ? "\n" : "\r\n";
    }
    /// The length's field, and an empty line: `frame.too_large` beyond ten digits.
    tl::expected<void, errc> write(std::uint64_t length, std::string& out) const;
    /// `header fields with one Content-Length`
    [[nodiscard]] std::string expectation() const;
    /// The line that has the length, without its end; empty if there is none.
    [[nodiscard]] bytes find_length(bytes header) const noexcept;
    [[nodiscard]] field_layout describe() const;
};

/// Reads a header in lines as it arrives: perhaps a start line, fields, an empty line.
///
/// Strict: a field with the length occurs once, whatever its name, and next to no
/// Transfer-Encoding. Where `any_blanks` allows them, spaces and tabs surround a value or precede
/// the colon, and a line that begins with one continues the field before it, unless that is the
/// length's (RFC 3261, section 7.3.1).
class field_lines {
public:
    explicit field_lines(const field_rules& rules = {}) noexcept : rules_(rules) { reset(); }

    void reset() noexcept;
    /// Takes a byte, unless it returns an error.
    optional_errc take(char byte, std::uint64_t length_max) noexcept;
    [[nodiscard]] bool complete() const noexcept { return complete_; }
    /// After the colon of a field with the length, up to the next colon.
    [[nodiscard]] bool in_length() const noexcept { return is_length_; }
    /// Whether there was a length. Requires: complete.
    [[nodiscard]] bool has_length() const noexcept { return found_; }
    [[nodiscard]] std::uint64_t length() const noexcept { return number_.value(); }
    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }
    [[nodiscard]] std::size_t wanted() const noexcept;
    [[nodiscard]] const field_rules& rules() const noexcept { return rules_; }
    /// After an error: what is wrong with the byte and what may help. Empty if that is not known.
    [[nodiscard]] std::string_view fault(bytes beginning) const noexcept;

private:
    enum class place : std::uint8_t {
        start,       ///< in the start line
        line,        ///< at the start of a line
        name,        ///< in a field's name
        colon,       ///< after spaces that follow a name
        space,       ///< after the colon
        number,      ///< in the length, or before it
        number_end,  ///< in spaces after the length
        value,       ///< in the value of another field
        line_feed,
        last_line_feed,
    };

    optional_errc decide(char byte, std::uint64_t length_max) noexcept;
    optional_errc take_in_start(char byte) noexcept;
    optional_errc take_at_line(char byte) noexcept;
    optional_errc take_in_name(char byte) noexcept;
    optional_errc take_colon() noexcept;
    optional_errc take_after_colon(char byte, std::uint64_t length_max) noexcept;
    optional_errc take_in_number(char byte, std::uint64_t length_max) noexcept;
    optional_errc take_in_value(char byte) noexcept;
    [[nodiscard]] bool begins_line_end(char byte) const noexcept;
    void take_line_end(char byte) noexcept;
    void match(char byte) noexcept;
    [[nodiscard]] bool names_length() const noexcept;
    [[nodiscard]] bool names_transfer_encoding() const noexcept;
    [[nodiscard]] bool is_blank(char byte) const noexcept;

    field_rules rules_;
    place place_ = place::line;
    std::uint8_t matched_ = 0;  // letters of the name
    std::uint8_t alive_ = 0;    // names that begin with them, a bit for each
    bool is_length_ = false;    // the field that is read, or the one before
    bool found_ = false;        // a length
    bool complete_ = false;
    char wrong_ = '\0';
    std::uint32_t taken_ = 0;
    decimal_length number_{};
};

}  // namespace framewire
