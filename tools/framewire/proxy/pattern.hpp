#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace framewire {

/// What a payload must contain: `TEXT` with escapes (`unescape`), `hex:02 48`, or `/REGEX/`, an
/// extended regular expression of POSIX.
class pattern {
public:
    static result<pattern> parse(std::string_view text);

    [[nodiscard]] bool matches(bytes payload) const noexcept;

private:
    struct expression;

    std::string text_;
    std::shared_ptr<const expression> expression_;  // null: `text_` is looked for
};

}  // namespace framewire
