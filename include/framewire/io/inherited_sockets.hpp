#pragma once

#include "framewire/core/result.hpp"

#include <string>
#include <vector>

namespace framewire {

/// A socket that another program opened and passed to this one.
struct inherited_socket {
    int descriptor = -1;
    /// What the other program calls it (`FileDescriptorName=` of systemd); may be empty.
    std::string name;
};

/// The sockets that an init system has passed to this process: `LISTEN_FDS`, `LISTEN_PID` and
/// `LISTEN_FDNAMES`, as in sd_listen_fds(3). Empty if there are none, or if they are for another
/// process. Removes the variables and marks the descriptors, so that programs started later
/// inherit nothing, and a second call returns none. Fails if the variables make no sense or name
/// a descriptor that is not open. Requires: no other thread reads the environment.
[[nodiscard]] result<std::vector<inherited_socket>> take_inherited_sockets();

}  // namespace framewire
