#pragma once

#include "framewire/core/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// A framing spec in its components: `name:argument,option=value,...`, where `\,` does not
/// separate. Options are taken; one that is left at the end was not expected.
class spec_reader {
public:
    struct word {
        std::string_view text;
        std::size_t position = 0;
    };

    /// Fails if a name or `=` is missing, or an option but `or` is given twice.
    static result<spec_reader> split(std::string_view spec);

    [[nodiscard]] word name() const noexcept { return name_; }
    /// The text after the colon; empty if there is none.
    [[nodiscard]] word argument() const noexcept { return argument_; }
    [[nodiscard]] bool has(std::string_view key) const noexcept;
    /// Removes an option and returns its value; the first one of `or`. Requires:
    /// `key` is a literal.
    std::optional<word> take(std::string_view key);
    /// The position of an option's value, or 0.
    [[nodiscard]] std::size_t position(std::string_view key) const noexcept;
    /// Replaces escapes (`take_unescaped`), and `\,` with a comma. Fails on others, and if the
    /// result is empty or has more than `bytes_max` bytes.
    [[nodiscard]] result<std::string> unescape(word escaped, std::size_t bytes_max) const;
    /// Fails if there is an argument that is not expected, or an option that was not taken. The
    /// hint is the nearest of the options that could have been.
    result<void> finish(bool argument_expected) const;

    /// `framing "digits:x": expected a width, found "x"`: what is at the position, up to a comma.
    [[nodiscard]] tl::unexpected<failure> refuse(std::size_t position, std::string_view expected,
                                                 std::string hint = "") const;

private:
    struct option {
        word key;
        word value;
    };

    std::string_view spec_;
    word name_;
    word argument_;
    std::vector<option> options_;
    std::vector<std::string_view> known_;  // the options that were asked for
};

}  // namespace framewire
