#pragma once

#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/service/service.hpp"

#include <cstddef>
#include <string_view>

namespace framewire {

/// Parses the description of a service, as `make_service`; also `exec:COMMAND` and
/// `pipe:COMMAND[,framing=SPEC]`, which start programs. `bounds` are those of the server's peers;
/// `exec_max` commands of `exec` run at once. The programs end with the last copy of the result.
[[nodiscard]] result<service_factory> make_command_service(std::string_view spec,
                                                           const limits& bounds,
                                                           std::size_t exec_max);

}  // namespace framewire
