#pragma once

#include "framewire/codec/codec.hpp"
#include "framewire/codec/detail/diagnosis.hpp"
#include "framewire/codec/detail/sample.hpp"

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
class value_decoder {
public:
    value_decoder(Scanner scanner, bound limit) noexcept : scanner_(scanner), limit_(limit) {}

    decoded next(bytes& input);
    void start_at(std::uint64_t offset) noexcept { offset_ = frame_offset_ = offset; }

    /// How many bytes surround a payload in the frame that would be sent for it.
    [[nodiscard]] static std::size_t canonical_edges() noexcept
        requires(Scanner::is_bare)
    {
        return 0;
    }

    [[nodiscard]] frame_phase phase() const noexcept {
        return inside_ ? frame_phase::payload : frame_phase::between_frames;
    }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
    [[nodiscard]] std::uint64_t frame_offset() const noexcept { return frame_offset_; }
    [[nodiscard]] static std::uint64_t announced() noexcept { return unknown_length; }
    [[nodiscard]] const wire_error& failure() const noexcept { return *failure_; }
    [[nodiscard]] wire_error truncation() const;

private:
    void pass_spaces(bytes& input) noexcept;
    void begin_frame() noexcept;
    [[nodiscard]] std::uint64_t room() const noexcept;
    std::optional<decoded> deliver(const scanned_part& found, bytes seen);
    decoded fail_value(errc code, bytes seen, std::size_t right);
    decoded fail_size(bytes seen);
    decoded fail(errc code, std::uint64_t offset, std::string words);

    std::uint64_t offset_ = 0;
    Scanner scanner_;
    bound limit_;
    std::uint64_t frame_offset_ = 0;
    std::uint64_t payload_bytes_ = 0;
    bool inside_ = false;
    bool first_ = true;
    bool skipping_ = false;
    sample sample_;
    std::optional<wire_error> failure_;
};

}  // namespace framewire
