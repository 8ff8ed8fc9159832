#pragma once

#include "cli/expression.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// What a payload must contain: `TEXT` with escapes (`unescape`), `hex:0248`, or `/REGEX/`
/// (`expression`).
class pattern {
public:
    static result<pattern> parse(std::string_view text);

    [[nodiscard]] bool matches(bytes payload) const noexcept;

private:
    std::string text_;
    std::optional<expression> expression_;  // else `text_` is looked for
};

}  // namespace framewire
