#pragma once

#include "framewire/core/bytes.hpp"

namespace framewire {

/// What stands behind the link's header, if that is IP; nothing otherwise. Requires:
/// `knows_link(link_type)`.
[[nodiscard]] bytes skip_link_header(bytes captured, int link_type);

}  // namespace framewire
