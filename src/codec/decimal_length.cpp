#include "framewire/codec/detail/decimal_length.hpp"

#include "decimal.hpp"
#include "prefixed_decoder.ipp"

namespace framewire {

std::optional<errc> decimal_length::add(char digit, std::uint64_t limit) noexcept {
    const bool leading_zero = digits_ > 0 && value_ == 0;
    if (leading_zero || digits_ == digits_max) return errc::frame_length_syntax;
    const auto units = static_cast<std::uint64_t>(digit - '0');
    if (units > limit || value_ > (limit - units) / 10) return errc::frame_too_large;
    value_ = value_ * 10 + units;
    ++digits_;
    return std::nullopt;
}

header_step decimal_header::advance(bytes input, std::uint64_t length_max) noexcept {
    for (std::size_t at = 0; at < input.size(); ++at) {
        const char byte = input[at];
        if (byte == terminator && !number_.empty()) {
            ++taken_;
            return {.taken = at + 1, .complete = true};
        }
        if (!is_digit(byte)) {
            const bool nonsense = taken_ == 0 && !could_begin_a_number(byte);
            return {.error = nonsense ? errc::frame_syntax : errc::frame_length_syntax};
        }
        if (const auto error = number_.add(byte, length_max)) return {.error = error};
        ++taken_;
    }
    return {.taken = input.size()};
}

std::string decimal_header::expectation() const {
    return fmt::format("a decimal length and {}", quote(bytes(&terminator, 1)));
}

tl::expected<void, errc> decimal_header::write(std::uint64_t length, std::string& out) const {
    if (length > decimal_length::value_max) return tl::unexpected(errc::frame_too_large);
    const fmt::format_int text(length);
    out.append(text.data(), text.size());
    out += terminator;
    return {};
}

length_layout decimal_header::describe() const {
    return {.written = notation::terminated,
            .terminator = {terminator},
            .trailer_size = trailer_size(),
            .trailer = std::string(trailer_size(), trailer),
            .expectation = expectation()};
}

template class prefixed_decoder<decimal_header>;

}  // namespace framewire
