#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/limits.hpp"
#include "store_failure.hpp"

#include <string>

namespace framewire {

/// How a process that has a store open and those that read it speak (`store_source`): frames of
/// `u32be`. A request begins with a number and a space, as does its reply: some wait for long.
/// Then the reply has `+`, or `-`, the name of an error, a space and its words.
[[nodiscard]] framing readers_framing();
/// A message of any size may be read, and a reader may wait for long.
[[nodiscard]] limits readers_limits();

/// The number at the front, with its space.
[[nodiscard]] bytes number_of(bytes message) noexcept;
[[nodiscard]] std::string write_answer(const store_result<std::string>& answer);
[[nodiscard]] store_result<std::string> read_answer(bytes text);

}  // namespace framewire
