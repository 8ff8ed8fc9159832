#pragma once

#include "framewire/core/error.hpp"
#include "framewire/core/result.hpp"
#include "protocols.hpp"

namespace framewire {

/// Why there is no reply, for a person.
[[nodiscard]] failure explain(const wire_error& error, const client_wording& wording);

}  // namespace framewire
