#pragma once

#include "captured.hpp"
#include "captures/stream_choice.hpp"
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
