#pragma once

#include "specs.hpp"

namespace framewire::tests {

/// Specs that name every framing whose frames have borders, and use every option. All carry
/// payloads of 16 bytes.
inline constexpr auto every_framing = specs_for<count_specs("frames")>("frames");

}  // namespace framewire::tests
