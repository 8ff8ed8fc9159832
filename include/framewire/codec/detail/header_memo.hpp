#pragma once

#include "framewire/codec/detail/word.hpp"
#include "framewire/core/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace framewire {

/// The header read last. One that is written like it says the same: it need not be read, and a
/// processor that guesses so can go to the next frame without waiting for this one's length.
class header_memo {
public:
    /// The size of the header at the front of `rest`, and what it announces; 0 if it is another.
    [[nodiscard]] std::size_t recall(bytes rest, std::uint64_t& length) const noexcept {
        if (rest.size() < needed_) return 0;
        const auto front = (load_word(rest.data()) ^ front_) & mask_;
        const auto back = load_word(rest.data() + back_at_) ^ back_;
        if ((front | (back & mask_)) != 0) return 0;
        length = length_;
        return size_;
    }
    /// Keeps a header of up to two words. Requires: it is at the front of `rest`, which has at
    /// least a word: less is never read at once.
    void keep(bytes rest, std::size_t size, std::uint64_t length) noexcept {
        if (size > 2 * word_bytes) return;
        needed_ = size < word_bytes ? word_bytes : size;
        mask_ = size < word_bytes ? (std::uint64_t{1} << (8 * size)) - 1 : ~std::uint64_t{0};
        size_ = size;
        back_at_ = size < word_bytes ? 0 : size - word_bytes;
        front_ = load_word(rest.data());
        back_ = load_word(rest.data() + back_at_);
        length_ = length;
    }

private:
    std::size_t needed_ = static_cast<std::size_t>(-1);  // bytes, to compare it
    std::size_t size_ = 0;
    std::size_t back_at_ = 0;  // where its last word begins
    std::uint64_t mask_ = 0;
    std::uint64_t front_ = 0;
    std::uint64_t back_ = 0;
    std::uint64_t length_ = 0;
};

}  // namespace framewire
