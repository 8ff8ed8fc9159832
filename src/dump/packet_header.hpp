#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace framewire {

struct dump_piece;

/// The link type (a LINKTYPE_ number) with which each piece is an IP packet with headers from the
/// link, or from IP on: its version, lengths and checksum fit. Nothing if there is none.
[[nodiscard]] std::optional<int> link_type_of(const std::vector<dump_piece>& pieces);

}  // namespace framewire
