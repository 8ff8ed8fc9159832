#pragma once

#include "layer.hpp"

#include <cstdint>

namespace framewire {

/// Passes one header of the kind that `outer` names, but for IP: Ethernet with or without VLAN
/// tags, LLC with SNAP, PPP, MPLS, PPPoE.
[[nodiscard]] inner_or_none skip_header(const inner& outer);

/// Passes a header of GRE (RFC 2784, 2890, 2637) and what it carries: ERSPAN's.
[[nodiscard]] inner_or_none skip_gre(layer datagram);

/// Passes the header of UDP and that of the tunnel which its ports are known for: VXLAN, Geneve,
/// GTP-U, Teredo, L2TP, LISP, MPLS.
[[nodiscard]] inner_or_none skip_udp(layer datagram);

}  // namespace framewire
