#pragma once

#include "cli/command_line.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// A script in Lua that makes Wireshark show frames of this framing on TCP connections with this
/// port at either end. Fails for framings whose frames it cannot find: values, header fields with
/// options, a first frame or replies of their own.
[[nodiscard]] result<std::string> wireshark_dissector(const framing& frames, std::uint16_t port);

/// `--wireshark SPEC --port N`: both or none.
struct wireshark_options {
    std::optional<std::string> framing;
    std::optional<std::uint16_t> port;

    [[nodiscard]] bool given() const noexcept { return framing.has_value(); }
};

void add_wireshark_options(command_page& page, wireshark_options& into);

/// Prints the dissector; wrong usage if the framing is invalid, or given with anything else.
[[nodiscard]] int print_dissector(const command_page& page, const wireshark_options& options,
                                  const std::vector<std::string>& messages);

}  // namespace framewire
