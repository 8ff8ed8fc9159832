#pragma once

#include <cstdint>

namespace framewire {

/// Of the bytes of a connection, as one of its ends sees them.
enum class direction : std::uint8_t { both, received, sent };

}  // namespace framewire
