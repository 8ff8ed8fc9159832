#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/limits.hpp"
#include "store_failure.hpp"

#include <string>

namespace framewire {

/// How a process that has a store open and those that read it speak (`store_source`): frames of
/// `u32be`, a reply for each request in their order. A reply begins with `+`, or with `-` and the
/// name of an error; its words follow a space.
[[nodiscard]] framing readers_framing();
/// A message of any size may be read, and a reader may wait for long.
[[nodiscard]] limits readers_limits();

[[nodiscard]] std::string write_answer(const store_result<std::string>& answer);
[[nodiscard]] store_result<std::string> read_answer(bytes text);

}  // namespace framewire
