#pragma once

#include "framewire/codec/detail/word.hpp"
#include "framewire/core/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// The header read last. One that is written like it says the same: it need not be read, and a
/// processor that guesses so can go to the next frame without waiting for this one's length.
class header_memo {
public:
    /// The size of the header at the front of `rest`, and what it announces; 0 if it is another.
    [[nodiscard]] std::size_t recall(bytes rest, std::uint64_t& length) const noexcept {
        if (rest.size() < needed_ || !is_at(rest.data())) return 0;
        length = length_;
        return size_;
    }
    /// How many frames of `frame_bytes` follow each other from `at` on that begin with this
    /// header, are whole before `end`, and begin before `stop`; at most `most`.
    [[nodiscard]] std::size_t alike(const char* at, const char* stop, const char* end,
                                    std::size_t frame_bytes, std::size_t most) const noexcept {
        const auto needed = std::max(frame_bytes, needed_);
        if (at >= stop || static_cast<std::size_t>(end - at) < needed) return 0;
        const auto* const last = std::min(stop - 1, end - needed);
        std::size_t count = 0;
        for (; count < most && at <= last && is_at(at); at += frame_bytes) ++count;
        return count;
    }
    /// Keeps a header of up to two words, and none if it is longer. Requires: it is at the front
    /// of `rest`, which has at least a word: less is never read at once.
    void keep(bytes rest, std::size_t size, std::uint64_t length) noexcept {
        if (size > 2 * word_bytes) {
            needed_ = none;
            return;
        }
        needed_ = std::max(size, word_bytes);
        mask_ = size < word_bytes ? (std::uint64_t{1} << (8 * size)) - 1 : ~std::uint64_t{0};
        size_ = size;
        back_at_ = size < word_bytes ? 0 : size - word_bytes;
        front_ = load_word(rest.data());
        back_ = load_word(rest.data() + back_at_);
        length_ = length;
    }

private:
    [[nodiscard]] bool is_at(const char* header) const noexcept {
        const auto front = load_word(header) ^ front_;
        const auto back = load_word(header + back_at_) ^ back_;
        return ((front | back) & mask_) == 0;
    }

    static constexpr auto none = static_cast<std::size_t>(-1);

    std::size_t needed_ = none;  // bytes, to compare it
    std::size_t size_ = 0;
    std::size_t back_at_ = 0;  // where its last word begins
    std::uint64_t mask_ = 0;
    std::uint64_t front_ = 0;
    std::uint64_t back_ = 0;
    std::uint64_t length_ = 0;
};

}  // namespace framewire
