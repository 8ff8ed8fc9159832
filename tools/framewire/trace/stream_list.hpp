#pragma once

#include "captured.hpp"
#include "framewire/codec/framing.hpp"
#include "resync.hpp"
#include "summary.hpp"

#include <cstdint>
#include <map>
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

/// The numbers of those streams, in order. Fails if there is none, or if one is named that does
/// not exist.
[[nodiscard]] result<std::vector<std::size_t>> choose(const capture& from,
                                                      const stream_choice& wanted);

/// How streams are decoded to be counted.
struct counting_plan {
    framing frames;
    resync when = resync::gaps;
    bool swaps = false;
};

/// By number.
using stream_totals = std::map<std::size_t, conversation_totals>;

/// What both sides of these streams sent.
[[nodiscard]] result<stream_totals> count_streams(const indexed_capture& from,
                                                  const std::vector<std::size_t>& numbers,
                                                  const counting_plan& plan);

/// A table of these streams, a row each. Without a framing, `found` is empty, and there are no
/// frames and errors.
[[nodiscard]] std::string print_streams(const capture& from,
                                        const std::vector<std::size_t>& numbers,
                                        const stream_totals& found);

/// The same as events `stream`, a line each (docs/json.md).
[[nodiscard]] std::string print_stream_events(const capture& from,
                                              const std::vector<std::size_t>& numbers,
                                              const stream_totals& found);

}  // namespace framewire
