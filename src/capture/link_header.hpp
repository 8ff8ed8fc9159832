#pragma once

#include "layer.hpp"

namespace framewire {

/// Passes the header of a link type, a number of LINKTYPE_ at tcpdump.org/linktypes.html.
[[nodiscard]] inner_or_none skip_link(layer record, int link_type);

/// True if its records can be read.
[[nodiscard]] bool knows_link(int link_type);

/// Passes the header of a data frame of IEEE 802.11.
[[nodiscard]] inner_or_none skip_wlan(layer frame, bool is_padded = false);
/// Passes the header of radiotap.org and that of the frame.
[[nodiscard]] inner_or_none skip_radiotap(layer record);

}  // namespace framewire
