#pragma once

#include "framewire/core/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace framewire {

/// A value of a configuration file: that of the option of this name, or what the command line
/// has as words.
struct config_setting {
    /// `max-payload`, as the option without its dashes; `protocol`, `address`.
    std::string name;
    /// As on a command line; `true` and `false` are for options without a value.
    std::string value;
    bool is_boolean = false;
    std::size_t line = 0;
};

/// A configuration in TOML 1.0, in the order of its lines.
///
/// - A key is the long name of an option, its value a text, a number, true or false. An array
///   gives an option that repeats several values.
/// - `[[listen]]` tables have keys that belong to one listener: `address`.
///
/// Fails with the path and the line if it cannot be read, or has more than 1 MiB.
[[nodiscard]] result<std::vector<config_setting>> read_config_file(const std::string& path);

}  // namespace framewire
