#pragma once

#include "framewire/codec/detail/decimal_length.hpp"
#include "framewire/codec/detail/value_codec.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace framewire {

/// Lines of words of which the first says whether data follow, and which word is their size.
struct line_rules {
    static constexpr std::uint8_t last_word = 0xFF;

    struct verb {
        std::string_view name;
        std::uint8_t size_word = 0;  ///< counted from 1; 0 if no data follow
        std::uint8_t words_min = 1;
    };

    std::span<const verb> verbs;
    bool others = false;  ///< Other words may begin a line, after which no data follow.
    bool any_case = false;
};

/// A line that ends with CR LF, and the data that it announces, after which there is CR LF, too.
class line_scanner {
public:
    static constexpr bool is_canonical = true;
    static constexpr bool is_bare = true;

    /// Requires: `rules` live as long as this.
    explicit line_scanner(const line_rules& rules) noexcept : rules_(&rules) {}

    scanned_part advance(bytes input, std::uint64_t payload_bytes_max) noexcept;
    [[nodiscard]] std::uint64_t wanted() const noexcept;
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] static bool may_end() noexcept { return false; }
    static void end(char /*last*/, std::string& /*out*/) noexcept {}

private:
    enum class place : std::uint8_t { space, word, line_feed, data, data_end, data_line_feed };

    optional_errc take(char byte, std::uint64_t room) noexcept;
    optional_errc take_in_line(char byte, std::uint64_t room) noexcept;
    optional_errc take_in_verb(char byte) noexcept;
    optional_errc take_in_size(char byte, std::uint64_t room) noexcept;
    optional_errc end_words(std::uint64_t room) noexcept;
    optional_errc expect(bool is_right, place next) noexcept;
    void begin_word() noexcept;
    bool choose() noexcept;
    [[nodiscard]] bool begins_a_verb() const noexcept;
    [[nodiscard]] bool is_size_word() const noexcept {
        return size_word_ == words_ || size_word_ == line_rules::last_word;
    }

    static constexpr int words_max = 0xFE;
    // One more than any verb has, so that a longer word is none.
    static constexpr std::size_t verb_bytes_max = 12;

    const line_rules* rules_;
    std::uint64_t data_left_ = 0;
    decimal_length size_;
    std::array<char, verb_bytes_max> verb_{};
    std::uint8_t verb_bytes_ = 0;
    std::uint8_t words_ = 0;
    std::uint8_t size_word_ = 0;
    std::uint8_t words_min_ = 1;
    place place_ = place::word;
    bool no_size_ = false;  // the latest word is no size
    bool complete_ = false;
};

}  // namespace framewire
