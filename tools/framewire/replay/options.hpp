#pragma once

#include "cli/command_page.hpp"
#include "cli/event_options.hpp"
#include "cli/target.hpp"
#include "cli/tls_options.hpp"
#include "masks.hpp"
#include "recorded.hpp"
#include "script.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace framewire {

/// What the command line of `replay` says.
struct replay_options {
    target_options target;
    stream_choice streams;
    bool names_streams = false;
    played_end played = played_end::client;
    /// The recording is that of a client, whose peer is the server.
    bool swaps = false;
    /// 0: as fast as the replies come.
    double speed = 1;
    /// Of the whole recording at once; of a server, how many clients it has before it ends.
    std::uint64_t connections = 0;
    /// One after the other; 0: until something differs, or it is interrupted.
    std::uint64_t loops = 1;
    std::chrono::milliseconds timeout{5'000};
    masks ignored;
    event_options events;
    tls_options tls;
};

void add_replay_options(command_page& page, replay_options& into);

}  // namespace framewire
