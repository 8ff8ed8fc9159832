#pragma once

#include "framewire/core/result.hpp"
#include "pattern.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// An end of a proxied connection.
enum class end_of : std::uint8_t { client, server };

[[nodiscard]] constexpr end_of other_of(end_of one) noexcept {
    return one == end_of::client ? end_of::server : end_of::client;
}

/// What is done to some of the messages on their way: `drop 1%`, `delay 200ms ±50ms`,
/// `corrupt length nth=3`.
struct fault {
    enum class kind : std::uint8_t {
        drop,
        delay,      ///< `pause`, and up to `jitter` more or less
        duplicate,  ///< sent twice
        reorder,    ///< sent after the next `count` messages
        corrupt_payload,
        corrupt_length,  ///< a byte of the header
        truncate,  ///< only `count` bytes of the frame are sent, or half; then the stream ends
        split,     ///< in several writes, with `pause` between them
        coalesce,  ///< `count` messages in one write
        throttle,  ///< the direction from here on, to `count` bytes a second
        limit,     ///< the direction from here on, to `count` bytes: then both connections end
        linger,    ///< the end of the direction comes `pause` later
        stall,     ///< nothing is sent after this message
        close,     ///< after this message and `pause`, in which nothing is sent
        reset,     ///< the same
    };
    enum class cut : std::uint8_t { each_byte, after_header, sizes };

    /// `WHAT [OF WHAT] [SHARE%] [to=client|server] [when=PATTERN] [nth=N] [every=N]`. On failure
    /// the words say which part was not understood.
    static result<fault> parse(std::string_view text);

    kind what = kind::drop;
    std::uint64_t count = 0;
    std::chrono::milliseconds pause{0};
    std::chrono::milliseconds jitter{0};
    cut where = cut::each_byte;
    std::vector<std::uint64_t> sizes{};

    // Which messages: all conditions must hold.
    double share = 1;
    std::optional<end_of> to{};
    std::optional<pattern> when{};
    std::uint64_t nth = 0;    // of those that match; 0: any
    std::uint64_t every = 0;  // the same

    std::string spec{};

    /// It is done to all that follows, not to a message.
    [[nodiscard]] bool is_lasting() const noexcept {
        return what == kind::throttle || what == kind::limit || what == kind::linger;
    }
    [[nodiscard]] bool has_condition() const noexcept {
        return share < 1 || when || nth > 0 || every > 0;
    }
};

}  // namespace framewire
