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
    /// After so many bytes that were sent, this is owed.
    struct exchange {
        std::size_t begins = 0;   // its frame, in `sends`
        std::size_t payload = 0;  // the frame's, there
        std::size_t sent = 0;     // the frame's end
        std::size_t owed = 0;     // all replies up to this one
        std::optional<std::string> reply{};
    };
    std::string name{};  // no other has it
    std::string sends;
    std::string owed;
    std::vector<exchange> exchanges;

    void add(const std::string& payload, const wire_form& form, const reply_function& reply);
    /// What is never answered.
    void add_unanswered(std::string_view stream) { sends += stream; }
    /// How much may have been received once so much was sent.
    [[nodiscard]] std::size_t owed_after(std::size_t sent) const;
    /// The frame in which this byte of what is sent is, if it is owed a reply.
    [[nodiscard]] const exchange* frame_at(std::size_t position) const;
};

/// Letters, so that every framing can carry it.
[[nodiscard]] std::string random_payload(random_source& random, std::size_t size);

}  // namespace framewire::tests
