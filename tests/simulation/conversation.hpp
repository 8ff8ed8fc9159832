#pragma once

#include "random.hpp"
#include "wire_form.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace framewire::tests {

/// What a service replies to a payload; nothing where it replies nothing.
using reply_function = std::function<std::optional<std::string>(const std::string& payload)>;

/// What a peer sends, and the replies that it is owed.
struct conversation {
    /// After so many bytes that were sent, so many are owed.
    struct exchange {
        std::size_t sent = 0;
        std::size_t owed = 0;
    };
    std::string sends;
    std::string owed;
    std::vector<exchange> exchanges;

    void add(const std::string& payload, const wire_form& form, const reply_function& reply) {
        sends += form.frame(payload);
        if (const auto answer = reply(payload)) owed += form.frame(*answer);
        exchanges.push_back({sends.size(), owed.size()});
    }
    /// How much may have been received once so much was sent.
    [[nodiscard]] std::size_t owed_after(std::size_t sent) const {
        std::size_t most = 0;
        for (const auto& one : exchanges) {
            if (one.sent > sent) break;
            most = one.owed;
        }
        return most;
    }
};

/// Letters and digits, so that every framing can carry it.
inline std::string random_payload(random_source& random, std::size_t size) {
    std::string text(size, ' ');
    for (auto& letter : text) letter = static_cast<char>('a' + random.below(26));
    return text;
}

}  // namespace framewire::tests
