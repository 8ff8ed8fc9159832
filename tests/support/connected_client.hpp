#pragma once

#include "framewire/net/client.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::tests {

/// Throws if there is no connection.
inline client connected(std::string_view where, client_settings settings = {},
                        std::string_view framing = "digits:10") {
    auto one = client::connect(where, framing, std::move(settings));
    if (!one) throw std::runtime_error(one.error().message());
    return std::move(*one);
}

inline std::string text_of(const client::reply& outcome) {
    return outcome ? *outcome : outcome.error().message();
}

inline errc code_of(const client::reply& outcome) {
    return outcome ? errc{} : outcome.error().code;
}

}  // namespace framewire::tests
