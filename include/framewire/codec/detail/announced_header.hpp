#pragma once

#include "framewire/codec/detail/length_options.hpp"
#include "framewire/codec/detail/optional_errc.hpp"
#include "framewire/codec/detail/prefixed_decoder.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// How a length is written: a number, read byte by byte or at once.
template <class N>
concept length_number = requires(N number, const N& view, char byte, bytes input,
                                 std::uint64_t& length, std::string& out, const misread& what) {
    /// Takes the number's next byte, unless it is wrong, or raises the value above the limit.
    { number.add(byte, length) } noexcept -> std::same_as<optional_errc>;
    { number.reset() } -> std::same_as<void>;
    { view.complete() } -> std::same_as<bool>;
    { view.value() } -> std::same_as<std::uint64_t>;
    /// The least number of bytes that are missing.
    { view.wanted() } -> std::same_as<std::size_t>;
    /// See `quick_header`. Requires: `is_quick`.
    { view.peek(input, length) } -> std::same_as<std::size_t>;
    { view.is_quick() } -> std::same_as<bool>;
    { view.value_max() } -> std::same_as<std::uint64_t>;
    /// Requires: at most `value_max`.
    { view.write(length, out) } -> std::same_as<void>;
    { view.is_canonical() } -> std::same_as<bool>;
    { view.expectation() } -> std::same_as<std::string>;
    { view.recognise(what, length_options{}) } -> std::same_as<std::string_view>;
    /// `01 00 = 256`; empty if it is plain text.
    { view.explain(input) } -> std::same_as<std::string>;
    { view.describe() } -> std::same_as<length_layout>;
};

/// A length and what surrounds it.
template <length_number Number>
class announced_header {
public:
    announced_header() = default;
    explicit announced_header(const Number& number, const length_options& options = {}) noexcept
        : announced_header(number, options, options.is_plain()) {}
    /// Requires: what `options.is_plain()` returns.
    announced_header(const Number& number, const length_options& options, bool is_plain) noexcept
        : number_(number),
          plain_(is_plain && number.is_quick()),
          trailer_size_(static_cast<std::uint16_t>(options.trailer_size())),
          options_(options) {}

    header_step advance(bytes input, std::uint64_t length_max) noexcept;
    void reset() noexcept {
        number_.reset();
        taken_ = 0;
    }
    [[nodiscard]] std::uint64_t length() const noexcept { return length_; }
    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }
    [[nodiscard]] std::size_t wanted() const noexcept {
        const auto before = options_.before();
        return number_.wanted() + (taken_ < before ? before - taken_ : 0);
    }
    [[nodiscard]] std::string expectation() const;

    [[nodiscard]] std::size_t peek(bytes input, std::uint64_t& length) const noexcept {
        return plain_ ? number_.peek(input, length) : 0;
    }

    [[nodiscard]] std::size_t lead_at() const noexcept { return options_.magic_size; }
    [[nodiscard]] std::size_t lead_size() const noexcept { return options_.lead; }
    [[nodiscard]] std::size_t trailer_size() const noexcept { return trailer_size_; }
    [[nodiscard]] bool accepts_in_trailer(char byte, std::size_t at) const noexcept {
        return options_.accepts_in_trailer(byte, at);
    }
    [[nodiscard]] bool is_canonical() const noexcept {
        return options_.is_canonical() && number_.is_canonical();
    }

    [[nodiscard]] std::string_view recognise(const misread& what) const noexcept {
        return number_.recognise(what, options_);
    }
    /// True if a header of so many bytes proves by itself that it is one.
    [[nodiscard]] static bool is_telling(std::size_t size) noexcept {
        if constexpr (requires { Number::telling_bytes; }) return size >= Number::telling_bytes;
        return false;
    }
    // Requires of these: the header was complete.
    /// The field, if it announces no payload but is a message of its own.
    [[nodiscard]] std::optional<std::uint32_t> idle() const noexcept { return idle_; }
    /// True if this payload continues in the next frame.
    [[nodiscard]] bool continues() const noexcept { return continues_; }
    /// True if payloads may continue.
    [[nodiscard]] bool joins() const noexcept { return options_.joins(); }

    [[nodiscard]] const Number& number() const noexcept { return number_; }

private:
    header_step finish(std::size_t taken, std::uint64_t length_max) noexcept;

    Number number_{};
    bool plain_ = Number{}.is_quick();
    bool continues_ = false;
    std::uint16_t trailer_size_ = 0;  // asked for in every frame
    std::optional<std::uint32_t> idle_{};
    std::size_t taken_ = 0;
    std::uint64_t length_ = 0;
    length_options options_{};
};

}  // namespace framewire
