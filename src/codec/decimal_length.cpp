#include "framewire/codec/detail/decimal_length.hpp"

namespace framewire {

optional_errc decimal_length::add(char digit, std::uint64_t limit) noexcept {
    const bool leading_zero = digits_ > 0 && value_ == 0;
    if (leading_zero || digits_ == digits_max) return errc::frame_length_syntax;
    const auto units = static_cast<std::uint64_t>(digit - '0');
    if (units > limit || value_ > (limit - units) / 10) return errc::frame_too_large;
    value_ = value_ * 10 + units;
    ++digits_;
    return std::nullopt;
}

}  // namespace framewire
