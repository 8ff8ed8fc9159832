#pragma once

#include "check_case.hpp"
#include "player/live_peer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// Where the replies differ from those that are due.
struct difference {
    const check_subject& subject;
    const std::vector<std::string>& messages;  ///< to which replies are due
    std::size_t number = 0;                    ///< the first that has not its reply
    std::size_t pieces = 1;                    ///< in which they were sent
    bool has_ended = false;                    ///< the connection
    bool is_inside_reply = false;              ///< some of a reply has arrived
    std::chrono::milliseconds timeout{0};
    std::uint64_t received = 0;  ///< bytes
};

/// Bytes as in a transcript, the first of many.
[[nodiscard]] std::string print_shortened(bytes data);

/// `the reply "Hello"`
[[nodiscard]] std::string describe_due(const difference& what);
/// What came instead: `next`, or nothing.
[[nodiscard]] std::string describe_seen(const difference& what,
                                        const std::optional<arrival>& next);
/// What to change in the server, as far as the difference shows what is wrong with it; otherwise
/// the advice of the row.
[[nodiscard]] std::string advise(const check_row& row, const difference& what,
                                 const std::optional<arrival>& next);

}  // namespace framewire
