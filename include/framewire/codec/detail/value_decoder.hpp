#pragma once

#include "framewire/codec/detail/decoder_state.hpp"
#include "framewire/codec/detail/diagnosis.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// What a scanner found at the front of its input.
struct scanned_part {
    /// Bytes that were read and are right.
    std::size_t taken = 0;
    /// Those of them that belong to the payload, or bytes in the scanner.
    bytes data{};
    /// The value ends after them.
    bool complete = false;
    /// Why the byte after them is refused.
    std::optional<errc> error{};
};

/// Reads a value that ends by itself as it arrives. A part ends where the input or the value
/// does, or where payload begins or ends.
template <class S>
concept value_scanner = requires(S scanner, const S& view, bytes input,
                                 std::uint64_t payload_bytes_max, char last, std::string& out) {
    /// Continues the value. A value that announces more than `payload_bytes_max` further bytes
    /// is too large at the byte that says so.
    { scanner.advance(input, payload_bytes_max) } -> std::same_as<scanned_part>;
    { scanner.reset() } -> std::same_as<void>;
    /// At least so many bytes are missing. Requires: the value is incomplete.
    { view.wanted() } -> std::convertible_to<std::uint64_t>;
    /// Of an incomplete value: true if it is one once nothing of it follows.
    { view.may_end() } -> std::same_as<bool>;
    /// Appends what must follow a value whose last byte is `last`.
    { S::end(last, out) } -> std::same_as<void>;
    /// What was expected of the next byte, for error messages.
    { view.expectation() } -> std::same_as<std::string>;
    /// The value, for error messages: `a JSON text`.
    { S::name } -> std::convertible_to<std::string_view>;
};

/// A scanner whose values may have bytes between them that mean nothing.
template <class S>
concept spaced_scanner = requires(char byte) {
    { S::is_space(byte) } -> std::same_as<bool>;
};

/// A scanner that recognises what was mistaken for its value, by its first bytes.
template <class S>
concept recognising_scanner = requires(bytes beginning) {
    { S::recognise(beginning) } -> std::same_as<std::string_view>;
};

/// The decoder of every framing whose payloads are values that end by themselves. A scanner knows
/// the grammar; this does the rest: limits, pieces, errors.
template <value_scanner Scanner>
class value_decoder : public counting_state {
public:
    value_decoder(Scanner scanner, bound limit) noexcept
        : counting_state(limit), scanner_(scanner) {}

    decoded next(bytes& input);
    /// How many bytes surround a payload in the frame that would be sent for it.
    [[nodiscard]] static std::size_t canonical_edges() noexcept
        requires(Scanner::is_bare)
    {
        return 0;
    }

    [[nodiscard]] wire_error truncation() const;

private:
    void pass_spaces(bytes& input) noexcept;
    [[nodiscard]] std::uint64_t room() const noexcept;
    decoded fail_value(errc code, bytes seen, std::size_t right);
    decoded fail_size(bytes seen);

    Scanner scanner_;
};

}  // namespace framewire
