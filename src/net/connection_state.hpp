#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace framewire {

enum class connection_state : std::uint8_t {
    open,       ///< reading and replying
    draining,   ///< the same, until no input and no output is left
    closing,    ///< no more replies are made; queued output is still sent
    lingering,  ///< our end is closed; what the peer still sends is discarded
    closed,
};

enum class connection_event : std::uint8_t {
    drain,  ///< the server stops
    close,  ///< the peer has finished, the service closes, draining is done, or there is an error
    sent,   ///< no output is left
    end,    ///< the peer has noticed our end, or the linger time is over
    abort,  ///< output cannot, or must not, reach the peer any more
};

inline constexpr std::array<std::string_view, 5> connection_state_names{
    "open", "draining", "closing", "lingering", "closed"};
inline constexpr std::array<std::string_view, 5> connection_event_names{"drain", "close", "sent",
                                                                        "end", "abort"};

/// The next state; unchanged if the event does not apply to it.
constexpr connection_state next_state(connection_state state, connection_event event) noexcept {
    using enum connection_state;
    constexpr std::array<std::array<connection_state, 5>, 5> table{{
        //  drain      close      sent       end        abort
        {{draining, closing, open, open, closed}},            // open
        {{draining, closing, draining, draining, closed}},    // draining
        {{closing, closing, lingering, closing, closed}},     // closing
        {{lingering, lingering, lingering, closed, closed}},  // lingering
        {{closed, closed, closed, closed, closed}},           // closed
    }};
    return table.at(static_cast<std::size_t>(state)).at(static_cast<std::size_t>(event));
}

/// True while the service receives payloads.
constexpr bool is_serving(connection_state state) noexcept {
    return state <= connection_state::draining;
}

/// True once the connection is over for its observers.
constexpr bool is_over(connection_state state) noexcept {
    return state >= connection_state::lingering;
}

}  // namespace framewire
