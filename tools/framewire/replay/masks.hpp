#pragma once

#include "cli/expression.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace framewire {

/// What is not compared: the matches of extended regular expressions, as `grep -E` has them.
class masks {
public:
    /// Fails if it is none.
    [[nodiscard]] result<void> add(const std::string& pattern);
    [[nodiscard]] bool empty() const noexcept { return patterns_.empty(); }
    /// The payload with a mark in place of what matches. May be called by several threads.
    [[nodiscard]] std::string apply(bytes payload) const;
    /// The places of the first bytes that differ and match nothing; the sizes if there are none.
    [[nodiscard]] std::pair<std::size_t, std::size_t> first_difference(bytes expected,
                                                                       bytes received) const;

private:
    struct range {
        std::size_t begin;
        std::size_t end;
    };
    // In order; what overlaps is one.
    [[nodiscard]] std::vector<range> matches(bytes payload) const;

    std::vector<expression> patterns_;
};

}  // namespace framewire
