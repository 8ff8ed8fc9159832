#include "framewire/core/utf8.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace framewire {
namespace {

constexpr std::size_t word_bytes = sizeof(std::uint64_t);

// The leading ASCII characters that whole words cover, and the bytes of those words. Most text is
// ASCII and needs no reading of single bytes.
struct ascii_run {
    std::size_t characters = 0;
    std::size_t scanned = 0;
};

ascii_run count_ascii(bytes input, std::uint64_t characters_max) noexcept {
    const auto end =
        static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), characters_max));
    std::size_t at = 0;
    while (end - at >= word_bytes) {
        std::uint64_t word = 0;
        std::memcpy(&word, input.data() + at, word_bytes);
        const auto others = word & 0x8080'8080'8080'8080U;
        at += word_bytes;
        if (others == 0) continue;
        const auto before = std::endian::native == std::endian::little ? std::countr_zero(others)
                                                                       : std::countl_zero(others);
        return {at - word_bytes + static_cast<std::size_t>(before) / 8, at};
    }
    return {at, at};
}

}  // namespace

std::size_t utf8_counter::advance(bytes input, std::uint64_t characters_max) noexcept {
    std::size_t at = 0;
    // By words: up to here, bytes are taken one by one and not in words again.
    std::size_t scanned = 0;
    while (valid_ && at < input.size()) {
        if (wanted_ == 0 && characters_ >= characters_max) break;
        if (wanted_ == 0 && at >= scanned) {
            const auto run = count_ascii(input.substr(at), characters_max - characters_);
            characters_ += run.characters;
            scanned = at + run.scanned;
            at += run.characters;
            if (run.characters > 0) continue;
        }
        if (!take(static_cast<std::uint8_t>(input[at]))) break;
        ++at;
    }
    return at;
}

bool utf8_counter::take(std::uint8_t byte) noexcept {
    if (wanted_ != 0) {
        valid_ = byte >= next_min_ && byte <= next_max_;
        if (!valid_) return false;
        next_min_ = 0x80;
        next_max_ = 0xBF;
        if (--wanted_ == 0) ++characters_;
    } else if (byte < 0x80) {
        ++characters_;
    } else {
        valid_ = begin_character(byte);
    }
    return valid_;
}

bool utf8_counter::begin_character(std::uint8_t lead) noexcept {
    if (lead < 0xC2 || lead > 0xF4) return false;
    wanted_ = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    // The second byte's range excludes over-long forms (E0, F0), surrogates (ED) and values above
    // U+10FFFF (F4); after all other leads it is that of any continuation byte.
    if (lead == 0xE0) next_min_ = 0xA0;
    if (lead == 0xED) next_max_ = 0x9F;
    if (lead == 0xF0) next_min_ = 0x90;
    if (lead == 0xF4) next_max_ = 0x8F;
    return true;
}

std::uint64_t count_utf8(bytes text) noexcept {
    utf8_counter counter;
    counter.advance(text);
    if (!counter.valid() || counter.inside_character()) return unknown_length;
    return counter.characters();
}

}  // namespace framewire
