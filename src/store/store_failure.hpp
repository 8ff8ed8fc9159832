#pragma once

#include "framewire/core/error.hpp"

#include <string>
#include <tl/expected.hpp>

namespace framewire {

/// Why the store could not do what it was asked to.
struct store_failure {
    errc code{};
    /// `disk I/O error: input/output error`
    std::string words;
};

template <class T>
using store_result = tl::expected<T, store_failure>;

}  // namespace framewire
