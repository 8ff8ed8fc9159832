#pragma once

#include "framewire/core/bytes.hpp"

namespace framewire {

/// The bytes after the link's header, if they are IP; empty otherwise. Requires:
/// `knows_link(link_type)`.
[[nodiscard]] bytes skip_link_header(bytes captured, int link_type);

}  // namespace framewire
