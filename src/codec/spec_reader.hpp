#pragma once

#include "framewire/core/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// A framing spec taken apart: `name:argument,option=value,...`, where `\,` is no border. Whoever
/// reads an option takes it; what is left at the end was not expected.
class spec_reader {
public:
    struct word {
        std::string_view text;
        std::size_t position = 0;
    };

    /// Fails on a missing name or `=`, and on an option that is given twice.
    static result<spec_reader> split(std::string_view spec);

    [[nodiscard]] word name() const noexcept { return name_; }
    /// What stands behind the colon; an empty text where there is none.
    [[nodiscard]] word argument() const noexcept { return argument_; }
    /// The option's value, once.
    std::optional<word> take(std::string_view key);
    /// Where the option's value stands, or 0.
    [[nodiscard]] std::size_t position(std::string_view key) const noexcept;
    /// The bytes that a word stands for: escapes are `\r \n \t \0 \\ \,` and `\xHH`. Fails on
    /// others, and on none or more than `bytes_max` bytes.
    [[nodiscard]] result<std::string> unescape(word escaped, std::size_t bytes_max) const;
    /// Fails if an argument that nobody wants or an option that nobody took is left.
    result<void> finish(bool argument_expected) const;

    /// `framing "digits:x": at 7: expected a width`
    [[nodiscard]] tl::unexpected<failure> refuse(std::size_t position,
                                                 std::string_view expected) const;

private:
    struct option {
        word key;
        word value;
    };

    std::string_view spec_;
    word name_;
    word argument_;
    std::vector<option> options_;
};

}  // namespace framewire
