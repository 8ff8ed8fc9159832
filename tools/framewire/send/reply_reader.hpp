#pragma once

#include "cli/progress.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "reply_output.hpp"

#include <cstdint>
#include <string>

namespace framewire {

/// Where one reply ends and the next begins.
enum class reply_borders : std::uint8_t {
    frames,
    none,           ///< without framing: all that comes is one reply
    as_many_bytes,  ///< of an echo without framing: after as many bytes as were sent
};

struct reply_rules {
    reply_borders borders = reply_borders::frames;
    std::uint64_t bytes_max = unknown_length;
    /// An echo up to this size is held, to print all of it or nothing.
    std::uint64_t held_bytes_max = 0;
    /// Whether announced lengths are bytes.
    bool lengths_are_bytes = true;
};

/// Prints replies as they come, and counts them.
class reply_reader {
public:
    /// Requires: all of them outlive this.
    reply_reader(const reply_rules& rules, reply_output& to, progress& shown)
        : rules_(rules), to_(to), progress_(shown) {}

    /// Takes a piece, having sent `sent_bytes` so far. Fails if it cannot be printed or is too
    /// large.
    result<void> take(const piece& data, std::uint64_t sent_bytes, bool shows_progress);
    /// So many messages were sent whole: of an echo, this may complete the replies to them.
    result<void> note_sent(std::uint64_t messages, std::uint64_t sent_bytes);

    /// How many replies have come whole.
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

private:
    result<void> take_frame(const piece& data);
    result<void> take_echo(bytes data);
    result<void> print(bytes data, bool last);

    const reply_rules& rules_;
    reply_output& to_;
    progress& progress_;
    std::uint64_t count_ = 0;
    std::uint64_t received_ = 0;  // of the reply
    std::uint64_t echoed_ = 0;    // of all replies
    std::string held_;            // of an echo
    bool holds_ = true;
};

}  // namespace framewire
