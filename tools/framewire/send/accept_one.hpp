#pragma once

#include "framewire/core/result.hpp"
#include "framewire/core/time.hpp"
#include "framewire/io/address.hpp"
#include "io/descriptor.hpp"

#include <functional>
#include <optional>
#include <string>

namespace framewire {

/// Listens, calls `listening` with the address, accepts one connection and listens no more. A
/// descriptor that is not open if `until` comes first.
[[nodiscard]] result<owned_descriptor> accept_one(
    const address& where, std::optional<time_point> until,
    const std::function<void(const std::string& at)>& listening);

}  // namespace framewire
