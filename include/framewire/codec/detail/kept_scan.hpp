#pragma once

#include "framewire/codec/detail/field_lines.hpp"
#include "framewire/codec/detail/prefixed_decoder.hpp"
#include "framewire/core/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace framewire {

/// A few bytes without an allocation.
template <std::size_t Max>
class few_bytes {
public:
    static constexpr std::size_t bytes_max = Max;

    few_bytes() = default;
    /// Requires: at most `bytes_max` bytes.
    explicit few_bytes(bytes from) noexcept : size_(static_cast<std::uint8_t>(from.size())) {
        from.copy(kept_.data(), from.size());
    }
    [[nodiscard]] bytes view() const noexcept { return {kept_.data(), size_}; }
    [[nodiscard]] bool contains(char byte) const noexcept {
        return view().find(byte) != bytes::npos;
    }

private:
    std::array<char, Max> kept_{};
    std::uint8_t size_ = 0;
};

/// What is around messages with a header, or between them.
struct kept_edges {
    few_bytes<4> skip{};  ///< which may be between messages
    few_bytes<8> end{};   ///< what follows a message
    /// The first byte of interleaved data: after it come a channel, two bytes of length, and so
    /// many bytes (RFC 2326, section 10.12).
    std::optional<char> interleaved{};
};

/// What messages with a header may look like.
struct kept_rules : kept_edges {
    field_rules fields{};
};

/// Reads a message from its first byte to its last: a header in lines, then a body.
class kept_scan {
public:
    // What web servers accept; bounds the work on a header that does not end.
    static constexpr std::size_t header_bytes_max = 65'536;

    explicit kept_scan(const kept_rules& rules) noexcept : edges_(rules), lines_(rules.fields) {}

    void reset() noexcept;
    /// Takes bytes of the header, as a `length_header` does. Requires: it is not complete.
    header_step take_header(bytes input, std::uint64_t length_max) noexcept;
    [[nodiscard]] bool in_header() const noexcept { return in_header_; }
    [[nodiscard]] std::size_t header_bytes() const noexcept {
        return is_interleaved_ ? binary_taken_ : lines_.taken();
    }
    [[nodiscard]] std::size_t header_wanted() const noexcept {
        return is_interleaved_ ? interleaved_bytes - binary_taken_ : lines_.wanted();
    }

    /// Whether the header has announced the body's size. Otherwise it ends at `kept_edges::end`.
    [[nodiscard]] bool has_size() const noexcept { return has_size_; }
    [[nodiscard]] std::uint64_t body_left() const noexcept { return left_; }
    /// Takes bytes of the body. Requires: the header is complete.
    std::size_t take_body(bytes input) noexcept;
    [[nodiscard]] bool complete() const noexcept { return complete_; }

    [[nodiscard]] const field_lines& lines() const noexcept { return lines_; }
    [[nodiscard]] const kept_edges& edges() const noexcept { return edges_; }

private:
    static constexpr std::size_t interleaved_bytes = 4;

    header_step take_interleaved(bytes input, std::uint64_t length_max) noexcept;
    void begin_body(std::uint64_t size, bool has_size) noexcept;

    kept_edges edges_;
    field_lines lines_;
    std::uint64_t left_ = 0;
    std::uint16_t binary_ = 0;
    std::uint8_t binary_taken_ = 0;
    bool in_header_ = true;
    bool is_interleaved_ = false;
    bool has_size_ = false;
    bool complete_ = false;
};

/// Decodes messages that are delivered as they came, header and body.
class kept_decoder : public counting_state {
public:
    kept_decoder(const kept_rules& rules, bound limit) noexcept
        : counting_state(limit), scan_(rules) {}

    decoded next(bytes& input);
    [[nodiscard]] wire_error truncation() const;

private:
    bool begin_message(bytes& input) noexcept;
    std::optional<decoded> read_header(bytes& input);
    std::optional<decoded> read_body(bytes& input);
    std::optional<decoded> read_end(bytes& input);
    std::optional<decoded> outgrow(std::uint64_t size);
    decoded deliver_or_wait(bytes data, bool last) noexcept;
    [[nodiscard]] std::uint64_t wanted() const noexcept;
    decoded fail_header(errc code, bytes rest);

    kept_scan scan_;
    std::uint8_t end_taken_ = 0;
};

}  // namespace framewire
