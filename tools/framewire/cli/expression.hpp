#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace framewire {

/// An extended regular expression, as `grep -E` has them, over bytes: `.` matches NUL, too. Copies
/// share what was compiled. Thread-safe.
class expression {
public:
    /// The place of all that matched, and those of its groups, which may have matched nothing.
    struct match {
        struct place {
            std::size_t begin = bytes::npos;
            std::size_t end = bytes::npos;
        };
        std::array<place, 10> places{};

        [[nodiscard]] std::size_t begin() const noexcept { return places[0].begin; }
        [[nodiscard]] std::size_t end() const noexcept { return places[0].end; }
    };

    /// Fails with the library's words.
    static result<expression> parse(std::string_view text);

    /// The first match that begins at `from` or later.
    [[nodiscard]] std::optional<match> search(bytes text, std::size_t from = 0) const noexcept;

private:
    struct compiled;

    explicit expression(std::shared_ptr<compiled> self) : self_(std::move(self)) {}

    std::shared_ptr<compiled> self_;
};

}  // namespace framewire
