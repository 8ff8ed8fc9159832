#pragma once

#include "framewire/core/result.hpp"
#include "page_spec.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace framewire {

/// The words of a command line, read.
struct command_words {
    /// Not empty: this is to be printed, and nothing else done.
    std::function<std::string()> prints{};
};

/// Reads options and words, calling `option_spec::read` in their order: `--name VALUE`,
/// `--name=VALUE`, `-n VALUE`, `-nVALUE`; flags of one letter may be joined, `-vv`. A lone `-` is
/// a word. Stops at an option that prints. Fails with a hint if an option is not known, given
/// twice, excluded by another, or lacks its value, and at a word if the page takes none.
[[nodiscard]] result<command_words> read_words(page_spec& page,
                                               std::span<const std::string> words);

/// Fails if two options were given that exclude each other.
[[nodiscard]] result<void> check_excluded(const page_spec& page);

}  // namespace framewire
