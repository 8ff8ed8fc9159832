#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"

#include <string>
#include <vector>

namespace framewire {

/// The frames of all messages, one after the other. Fails if one of them cannot be framed.
[[nodiscard]] result<std::string> encode_all(const framing& frames,
                                             const std::vector<std::string>& messages);

}  // namespace framewire
