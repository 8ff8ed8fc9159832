#pragma once

#include "framewire/service/peer_handle.hpp"
#include "io/descriptor.hpp"
#include "one_way.hpp"
#include "program.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace framewire {

/// What the two ends of a `pipe:` have in common: the connection to the peer, and the one to its
/// command.
class program_link {
public:
    explicit program_link(const peer_handle& peer);

    const std::shared_ptr<one_way> to_program;
    const std::shared_ptr<one_way> to_peer;

    /// The command has ended: the connection to it ends once its output has been read.
    /// Thread-safe.
    void program_ended(program_outcome outcome);
    /// Nobody waits for the command's output: the connection to it ends with it.
    void peer_left();
    /// Why the command has no result; empty if it has, or has not ended.
    [[nodiscard]] std::string failure();

private:
    std::mutex mutex_;
    std::string failure_;
    // The command's end of the socket pair. As long as it is open, writing to a command that has
    // ended is no error, which could overtake its output.
    owned_descriptor far_end_;
    bool peer_left_ = false;
};

}  // namespace framewire
