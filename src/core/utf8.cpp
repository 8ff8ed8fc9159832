#include "framewire/core/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace framewire {
namespace {

constexpr std::size_t word_bytes = sizeof(std::uint64_t);

// Most text is ASCII: whole words of it need no look at single bytes.
std::size_t ascii_words(bytes input, std::uint64_t characters_max) noexcept {
    const std::size_t end =
        static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), characters_max));
    std::size_t at = 0;
    for (; end - at >= word_bytes; at += word_bytes) {
        std::uint64_t word = 0;
        std::memcpy(&word, input.data() + at, word_bytes);
        if ((word & 0x8080'8080'8080'8080U) != 0) break;
    }
    return at;
}

}  // namespace

std::size_t utf8_counter::advance(bytes input, std::uint64_t characters_max) noexcept {
    std::size_t at = 0;
    while (valid_ && at < input.size()) {
        const auto byte = static_cast<std::uint8_t>(input[at]);
        if (wanted_ != 0) {
            valid_ = byte >= next_min_ && byte <= next_max_;
            if (!valid_) break;
            next_min_ = 0x80;
            next_max_ = 0xBF;
            if (--wanted_ == 0) ++characters_;
            ++at;
            continue;
        }
        if (characters_ >= characters_max) break;
        if (byte < 0x80) {
            const auto run = std::max<std::size_t>(
                1, ascii_words(input.substr(at), characters_max - characters_));
            characters_ += run;
            at += run;
            continue;
        }
        valid_ = begin_character(byte);
        if (valid_) ++at;
    }
    return at;
}

bool utf8_counter::begin_character(std::uint8_t lead) noexcept {
    if (lead < 0xC2 || lead > 0xF4) return false;
    wanted_ = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    // The second byte's range excludes over-long forms (E0, F0), surrogates (ED) and values above
    // U+10FFFF (F4); for all other leads it is that of any continuation byte.
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
