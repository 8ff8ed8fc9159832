#pragma once

#include "capture/captured_stream.hpp"
#include "cli/command_page.hpp"
#include "framewire/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// Which streams of a capture are wanted.
struct stream_choice {
    /// Numbers, or all if empty.
    std::vector<std::size_t> numbers{};
    /// The address of either end, without its port.
    std::string host{};
    std::optional<std::uint16_t> port{};
};

/// `all` (which gives none), `3` or `1,4,7`.
[[nodiscard]] result<std::vector<std::size_t>> parse_stream_numbers(std::string_view text);

/// Adds `--stream N`. `is_given` becomes true if the option is there.
void add_stream_option(command_page& page, stream_choice& into, bool& is_given,
                       const std::string& meaning);

/// The numbers of those streams, in order. Fails if there is none, or if one is named that does
/// not exist.
[[nodiscard]] result<std::vector<std::size_t>> choose(const capture& from,
                                                      const stream_choice& wanted);

}  // namespace framewire
