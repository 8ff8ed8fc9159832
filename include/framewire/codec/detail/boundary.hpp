#pragma once

#include "framewire/core/bytes.hpp"

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// The bytes that end a payload, and a search for them in bytes that come in pieces, which reads
/// no byte twice (Knuth, Morris and Pratt, 1977).
class boundary {
public:
    static constexpr std::size_t bytes_max = 32;

    /// The state of a search.
    struct scan {
        std::size_t scanned = 0;  ///< bytes of the input that were read
        /// How many bytes of the boundary are at their end; all of them if it is complete.
        std::size_t matched = 0;
        bool complete = false;
    };

    /// Requires: 1 to `bytes_max` bytes.
    explicit constexpr boundary(bytes mark) noexcept
        : size_(static_cast<std::uint8_t>(mark.size())) {
        assert(!mark.empty() && mark.size() <= bytes_max);
        mark.copy(mark_.data(), mark.size());
        for (std::size_t matched = 1; matched < mark.size(); ++matched) {
            fallback_[matched + 1] =
                static_cast<std::uint8_t>(advance(fallback_[matched], mark[matched]));
        }
    }
    /// LF, and a CR before it if there is one. CR LF is sent if `sends_cr`.
    static constexpr boundary line_end(bool sends_cr = false) noexcept {
        boundary made("\r\n");
        made.is_line_end_ = true;
        made.sends_cr_ = sends_cr;
        return made;
    }

    /// Continues a search for the first complete boundary.
    [[nodiscard]] scan find(bytes input, scan from) const noexcept;
    /// Scans from `start` to the first place where the boundary may begin, and as much of the
    /// boundary as is there.
    [[nodiscard]] scan find_first(bytes input, std::size_t start) const noexcept {
        if (is_line_end_) return find_line_end(input, start);
        const auto at = input.find(mark_[0], start);
        if (at == bytes::npos) return {.scanned = input.size()};
        std::size_t matched = 1;
        const auto there = input.size() - at;
        while (matched < size_ && matched < there && input[at + matched] == mark_[matched]) {
            ++matched;
        }
        return {.scanned = at + matched, .matched = matched, .complete = matched == size_};
    }
    /// Scans input after `matched` bytes of the boundary, until the boundary is complete, the
    /// input ends, or none of the `matched` bytes can belong to it any more.
    [[nodiscard]] scan resume(bytes input, std::size_t matched) const noexcept;

    /// The least number of bytes that completes the boundary.
    [[nodiscard]] std::size_t wanted(std::size_t matched) const noexcept {
        return is_line_end_ ? 1 : size_ - matched;
    }

    /// True if a payload whose last `matched` bytes match may end here: appending the boundary
    /// must not complete one before its last byte.
    [[nodiscard]] bool may_follow(std::size_t matched) const noexcept;

    /// True for `line_end()`.
    [[nodiscard]] bool is_line_end() const noexcept { return is_line_end_; }
    /// The bytes of the boundary, valid as long as this object.
    [[nodiscard]] bytes mark() const noexcept { return {mark_.data(), size_}; }
    /// What is sent after a payload, and named in messages.
    [[nodiscard]] bytes name() const noexcept {
        return is_line_end_ && !sends_cr_ ? bytes("\n") : mark();
    }

private:
    [[nodiscard]] constexpr std::size_t advance(std::size_t matched, char byte) const noexcept {
        while (matched > 0 && byte != mark_[matched]) matched = fallback_[matched];
        return byte == mark_[matched] ? matched + 1 : 0;
    }
    // The last byte may be a CR whose LF is still to come, so it is read apart from the others,
    // and only once.
    static scan find_line_end(bytes input, std::size_t start) noexcept {
        if (start == input.size()) return {.scanned = start};
        const auto last = input.size() - 1;
        auto at = input.substr(0, last).find('\n', start);
        if (at == bytes::npos) {
            const char byte = input[last];
            if (byte != '\n') return {.scanned = last + 1, .matched = byte == '\r' ? 1U : 0U};
            at = last;
        }
        const bool return_before = at > start && input[at - 1] == '\r';
        return {.scanned = at + 1, .matched = return_before ? 2U : 1U, .complete = true};
    }

    std::array<char, bytes_max> mark_{};
    // For each number of matched bytes, how many still match if the next byte does not.
    std::array<std::uint8_t, bytes_max + 1> fallback_{};
    std::uint8_t size_ = 0;
    bool is_line_end_ = false;
    bool sends_cr_ = false;
};

}  // namespace framewire
