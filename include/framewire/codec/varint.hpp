#pragma once

#include "framewire/codec/announced.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

/// An unsigned LEB128 number, seven bits per byte and the lowest first, as in Protocol Buffers
/// ("Base 128 Varints"), and as MQTT 5.0 (1.5.5) and others write lengths of at most four bytes.
struct varint_number {
    static constexpr std::size_t bytes_max = 10;  // for 64 bits

    std::uint8_t width_max = bytes_max;
    bool any_form = false;  ///< accepts numbers that are longer than needed

    static result<varint_number> parse(spec_reader& spec);

    optional_errc add(char byte, std::uint64_t limit) noexcept;
    void reset() noexcept { *this = {width_max, any_form}; }
    [[nodiscard]] bool complete() const noexcept { return complete_; }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }
    [[nodiscard]] static constexpr std::size_t wanted() noexcept { return 1; }

    [[nodiscard]] bool is_quick() const noexcept { return !any_form; }
    // `add` reads what is longer than three bytes.
    [[nodiscard]] std::size_t peek(bytes input, std::uint64_t& length) const noexcept {
        if (input.size() < bytes_max) return 0;
        std::uint64_t value = 0;
        for (std::size_t at = 0; at < 3 && at < width_max; ++at) {
            const std::uint64_t octet = static_cast<std::uint8_t>(input[at]);
            value |= (octet & 0x7F) << (7 * at);
            if (octet >= 0x80) continue;
            const bool longer_than_needed = octet == 0 && at > 0;
            if (longer_than_needed || value > length) return 0;
            length = value;
            return at + 1;
        }
        return 0;
    }

    [[nodiscard]] std::uint64_t value_max() const noexcept {
        return width_max == bytes_max ? ~std::uint64_t{0}
                                      : (std::uint64_t{1} << (7 * width_max)) - 1;
    }
    static void write(std::uint64_t value, std::string& out);
    [[nodiscard]] bool is_canonical() const noexcept { return !any_form; }
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] static std::string_view recognise(const misread& what,
                                                    const length_options& options) noexcept;
    [[nodiscard]] static std::string explain(bytes field);
    [[nodiscard]] length_layout describe() const;

    // State, public because this is an aggregate that is reset by assignment.
    std::uint8_t taken_ = 0;
    bool complete_ = false;
    std::uint64_t value_ = 0;
};

extern template class announced_header<varint_number>;
extern template struct announced<varint_number>;
extern template class prefixed_decoder<announced_header<varint_number>>;

/// `varint[:BYTES] [,form=shortest|any]`: an unsigned LEB128 number of at most BYTES bytes.
using varint = announced<varint_number>;
using varint_header = announced_header<varint_number>;
static_assert(codec<varint>);

}  // namespace framewire
