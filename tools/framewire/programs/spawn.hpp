#pragma once

#include "framewire/core/result.hpp"
#include "framewire/service/peer.hpp"
#include "io/descriptor.hpp"

#include <sys/types.h>
#include <string>

namespace framewire {

/// What a program is started with as its standard streams.
struct standard_streams {
    int input;
    int output;
    int errors;
};

/// A program that runs in a process group of its own. Its number stays taken until it is waited
/// for.
struct spawned {
    pid_t id = -1;
    owned_descriptor exit;  // a pidfd: readable once the program has ended
};

/// Starts `/bin/sh -c command`. It inherits no other descriptor and no signal that we ignore or
/// block. In its environment, FRAMEWIRE_PEER and FRAMEWIRE_LOCAL are the ends of the connection
/// that it serves, and FRAMEWIRE_SUBJECT is the subject of the certificate that the peer has
/// shown; empty: none.
[[nodiscard]] result<spawned> spawn(const std::string& command, const peer& whom,
                                    standard_streams streams);

}  // namespace framewire
