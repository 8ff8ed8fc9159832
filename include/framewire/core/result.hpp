#pragma once

#include "framewire/core/error.hpp"

#include <string>
#include <tl/expected.hpp>

namespace framewire {

/// Why something could not be set up, in words for a person.
struct failure {
    /// `cannot listen on 0.0.0.0:7000: address in use`
    std::string message;
    /// What to do about it; empty where there is nothing to say.
    std::string hint{};
};

/// The outcome of setting something up: parsing, listening, connecting.
template <class T>
using result = tl::expected<T, failure>;

/// The outcome of speaking with a peer.
template <class T>
using wire_result = tl::expected<T, wire_error>;

}  // namespace framewire
