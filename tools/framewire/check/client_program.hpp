#pragma once

#include "framewire/core/endpoint.hpp"
#include "framewire/core/result.hpp"
#include "io/descriptor.hpp"

#include <sys/types.h>
#include <chrono>
#include <string>
#include <utility>

namespace framewire {

/// A client that is run for one connection: `/bin/sh -c COMMAND`, without input.
class client_program {
public:
    /// `server` is where it should connect to, its FRAMEWIRE_PEER.
    static result<client_program> start(const std::string& command, const endpoint& server);
    client_program(client_program&& other) noexcept { *this = std::move(other); }
    client_program& operator=(client_program&& other) noexcept;
    /// Kills it, with everything that it has started.
    ~client_program();

    /// Readable once it has ended.
    [[nodiscard]] int exit_descriptor() const noexcept { return exit_.get(); }
    /// True if it has ended by then.
    bool ends(std::chrono::milliseconds within);
    /// Its exit status as shells have it: 128 and its number for a signal. Requires: it has ended.
    [[nodiscard]] int status() const noexcept { return status_; }
    /// What it has printed so far, the first part of much.
    [[nodiscard]] std::string output() const;
    /// The last line of its standard error.
    [[nodiscard]] std::string last_error() const;

private:
    client_program() = default;

    pid_t id_ = -1;  // -1: waited for
    pid_t group_ = -1;
    int status_ = 0;
    owned_descriptor exit_;
    owned_descriptor output_;
    owned_descriptor errors_;
};

}  // namespace framewire
