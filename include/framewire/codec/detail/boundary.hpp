#pragma once

#include "framewire/core/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// The bytes that end a payload, and how to find them in bytes that come in pieces without looking
/// at any of them twice (Knuth, Morris and Pratt, 1977).
class boundary {
public:
    static constexpr std::size_t bytes_max = 32;

    /// How far a search has come.
    struct finding {
        std::size_t looked = 0;  ///< bytes of the input that are known
        /// How many bytes of the boundary stand at their end; of a complete one, all it has.
        std::size_t matched = 0;
        bool complete = false;
    };

    /// Requires: 1 to `bytes_max` bytes.
    explicit boundary(bytes mark) noexcept;
    /// LF, and a CR in front of it if there is one.
    static boundary line_end() noexcept;

    /// Looks for the first complete boundary, on from where an earlier search stopped.
    [[nodiscard]] finding find(bytes input, finding from) const noexcept;
    /// Looks from `start` up to the first place where the boundary may begin, and whether all of
    /// it is there.
    [[nodiscard]] finding glance(bytes input, std::size_t start) const noexcept {
        if (is_line_end_) return glance_for_line_end(input, start);
        const auto at = input.find(mark_[0], start);
        if (at == bytes::npos) return {.looked = input.size()};
        std::size_t matched = 1;
        const auto there = input.size() - at;
        while (matched < size_ && matched < there && input[at + matched] == mark_[matched]) {
            ++matched;
        }
        return {.looked = at + matched, .matched = matched, .complete = matched == size_};
    }
    /// Looks at input that follows on `matched` bytes of the boundary, until it is complete, ends,
    /// or no byte in front of the input can belong to it any more.
    [[nodiscard]] finding resume(bytes input, std::size_t matched) const noexcept;

    /// How many bytes complete the boundary at the soonest.
    [[nodiscard]] std::size_t wanted(std::size_t matched) const noexcept {
        return is_line_end_ ? 1 : size_ - matched;
    }

    /// Whether a payload whose last bytes matched so far can be ended here: no boundary may be
    /// complete before its last byte.
    [[nodiscard]] bool may_follow(std::size_t matched) const noexcept;

    /// Whether it is that of `line_end`.
    [[nodiscard]] bool is_line_end() const noexcept { return is_line_end_; }
    /// The boundary's own bytes, valid as long as it is.
    [[nodiscard]] bytes mark() const noexcept { return {mark_.data(), size_}; }
    /// The same, as people call it: the least that ends a payload.
    [[nodiscard]] bytes name() const noexcept { return is_line_end_ ? bytes("\n") : mark(); }

private:
    [[nodiscard]] std::size_t advance(std::size_t matched, char byte) const noexcept;
    // The last byte may be a CR whose LF is still to come: it is looked at apart from the others,
    // and so only once.
    static finding glance_for_line_end(bytes input, std::size_t start) noexcept {
        if (start == input.size()) return {.looked = start};
        const auto last = input.size() - 1;
        auto at = input.substr(0, last).find('\n', start);
        if (at == bytes::npos) {
            const char byte = input[last];
            if (byte != '\n') return {.looked = last + 1, .matched = byte == '\r' ? 1U : 0U};
            at = last;
        }
        const bool return_before = at > start && input[at - 1] == '\r';
        return {.looked = at + 1, .matched = return_before ? 2U : 1U, .complete = true};
    }

    std::array<char, bytes_max> mark_{};
    // For each count of matched bytes, how many would still match if the next one does not.
    std::array<std::uint8_t, bytes_max + 1> fallback_{};
    std::uint8_t size_ = 0;
    bool is_line_end_ = false;
};

}  // namespace framewire
