#pragma once

#include "check_case.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// A frame with something wrong, and what: `a plus sign`.
struct spoiled_frame {
    std::string what;
    std::string bytes;
};

/// Adds a script for each of them that is no whole frame for our own decoder: a message, which is
/// answered, then the spoiled frame, which is not.
void add_spoiled(const check_subject& subject, const std::vector<spoiled_frame>& all,
                 check_case& into);

/// A frame whose length is written as text, and where.
class length_text {
public:
    /// Nothing if the framing has none, or if it is not alone in its place.
    static std::optional<length_text> find(const check_subject& subject);

    /// The length as it is, without padding.
    [[nodiscard]] const std::string& digits() const noexcept { return digits_; }
    /// True if the text has the same size in all frames.
    [[nodiscard]] bool is_fixed() const noexcept { return is_fixed_; }
    [[nodiscard]] std::size_t width() const noexcept { return size_; }
    /// The frame with another text instead. If it fills a width, `sign` and `digits` are padded as
    /// the framing does; nothing if they do not fit.
    [[nodiscard]] std::optional<std::string> with(std::string_view sign,
                                                  std::string_view digits) const;
    /// The frame with exactly this text.
    [[nodiscard]] std::string with_exactly(std::string_view text) const;
    /// The frame from the text on, and what precedes it.
    [[nodiscard]] std::string before() const { return frame_.substr(0, at_); }
    [[nodiscard]] std::string after() const { return frame_.substr(at_ + size_); }

private:
    enum class padding : std::uint8_t { none, zeros, spaces_after, spaces_before };

    std::string frame_;
    std::string digits_;
    std::size_t at_ = 0;
    std::size_t size_ = 0;
    bool is_fixed_ = false;
    padding pad_ = padding::none;
};

/// A frame whose length is a binary integer, and where.
class length_integer {
public:
    static std::optional<length_integer> find(const check_subject& subject);

    [[nodiscard]] std::size_t width() const noexcept { return width_; }
    /// The frame with these bytes of the length, the most significant first.
    [[nodiscard]] std::string with(std::string_view big_endian) const;
    /// The frame with this length; the upper bytes are zero.
    [[nodiscard]] std::string with(std::uint64_t length) const;

private:
    std::string frame_;
    std::size_t at_ = 0;
    std::size_t width_ = 0;
    bool little_endian_ = false;
};

}  // namespace framewire
