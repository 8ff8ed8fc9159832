#pragma once

#include "framewire/net/server.hpp"

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <vector>

namespace framewire {

/// What one loop said, and after what time: as long as it took, whatever happens to its
/// connections waits.
struct surveyed_loop {
    loop_load load{};
    std::chrono::nanoseconds lag{0};
    bool has_answered = false;
};

/// Asks the loops of a server, and waits until all have answered, for `at_most`, or until stopped.
/// The lag of one that has not answered is the time until then.
[[nodiscard]] std::vector<surveyed_loop> survey_loops(const server& of, std::size_t loops,
                                                      std::chrono::milliseconds at_most,
                                                      const std::stop_token& stop);

}  // namespace framewire
