#pragma once

#include "framewire/core/error.hpp"

#include <string>
#include <tl/expected.hpp>

namespace framewire {

/// Why something could not be set up, for a person to read.
struct failure {
    /// `cannot listen on 0.0.0.0:7000: address in use`
    std::string words;
    /// What to do about it; may be empty.
    std::string hint{};
    /// The text that is wrong and, in a second line, a caret under the place; may be empty.
    std::string place{};

    /// The words, called as that of a `wire_error` is.
    [[nodiscard]] const std::string& message() const noexcept { return words; }
};

/// The outcome of setting something up: parsing, listening, connecting.
template <class T>
using result = tl::expected<T, failure>;

/// The outcome of talking to a peer.
template <class T>
using wire_result = tl::expected<T, wire_error>;

}  // namespace framewire
