#include "surprise.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace framewire {
namespace {

// Counted as if it had been seen before: without it, a few bytes would surprise nobody.
constexpr double known_before = 256;

// In streams at large, zeros and text are frequent.
double usual(unsigned value) noexcept {
    constexpr double zero = 0.12;
    constexpr double ones = 0.02;
    constexpr double text = 0.42;
    constexpr double others = 1 - zero - ones - text;
    constexpr unsigned text_values = 0x7F - 0x20;
    if (value == 0) return zero;
    if (value == 0xFF) return ones;
    return value >= 0x20 && value < 0x7F ? text / text_values : others / (254 - text_values);
}

}  // namespace

surprise::surprise(bytes stream) : stream_(stream) {
    std::array<std::uint32_t, 256> counts{};
    for (const char byte : stream) ++counts[static_cast<unsigned char>(byte)];
    const auto size = static_cast<double>(stream.size());
    for (unsigned value = 0; value < counts.size(); ++value) {
        const auto seen = static_cast<double>(counts[value]);
        bits_[value] = -std::log2((seen + known_before * usual(value)) / (size + known_before));
    }
}

double surprise::probability(const std::bitset<256>& values) const noexcept {
    double sum = 0;
    for (unsigned value = 0; value < values.size(); ++value) {
        if (values.test(value)) sum += std::exp2(-bits_[value]);
    }
    return sum;
}

double surprise::at(std::size_t position) const noexcept {
    // Equal bytes come together, whatever they mean, and the two of a line end.
    constexpr double repeated = 1.5;
    const auto bits = bits_[static_cast<unsigned char>(stream_[position])];
    if (position == 0) return bits;
    const char before = stream_[position - 1];
    const bool is_line_end = before == '\r' && stream_[position] == '\n';
    return is_line_end || before == stream_[position] ? std::min(bits, repeated) : bits;
}

double surprise::of(std::size_t begin, std::size_t end) const noexcept {
    double sum = 0;
    for (auto position = begin; position < end; ++position) sum += at(position);
    return sum;
}

}  // namespace framewire
