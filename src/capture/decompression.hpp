#pragma once

#include "byte_source.hpp"

namespace framewire {

/// The content of what is compressed: gzip (RFC 1952), also in several members, or Zstandard
/// (RFC 8878). Anything else is passed as it is. What ends early is read up to there, as captures
/// are.
[[nodiscard]] byte_source decompressed(byte_source from);

}  // namespace framewire
