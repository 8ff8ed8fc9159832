#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <regex.h>
#include <memory>
#include <string>
#include <vector>

namespace framewire {

/// What is not compared: the matches of extended regular expressions, as `grep -E` has them.
class masks {
public:
    /// Fails if it is none.
    [[nodiscard]] result<void> add(const std::string& pattern);
    [[nodiscard]] bool empty() const noexcept { return patterns_.empty(); }
    /// The payload with a mark in place of each match. The same may be called by several threads.
    [[nodiscard]] std::string apply(bytes payload) const;

private:
    // glibc locks it while it is used, so it is shared as it is.
    std::vector<std::shared_ptr<regex_t>> patterns_;
};

}  // namespace framewire
