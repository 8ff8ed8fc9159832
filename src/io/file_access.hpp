#pragma once

#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"

#include <sys/types.h>
#include <optional>

namespace framewire {

/// Permissions and owner of a file; what is not set stays as the system makes it.
struct file_access {
    std::optional<mode_t> mode{};
    std::optional<uid_t> owner{};
    std::optional<gid_t> group{};

    /// Those of the socket's file. Fails if the system knows no such user or group.
    static result<file_access> of(const address& where);
};

}  // namespace framewire
