#pragma once

#include "specs.hpp"

namespace framewire::tests {

/// Specs of every framing whose frames have borders, with every option. All can carry payloads of
/// 16 bytes.
inline constexpr auto every_framing = specs_for<count_specs("frames")>("frames");

}  // namespace framewire::tests
