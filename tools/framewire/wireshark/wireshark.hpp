#pragma once

#include "cli/command_line.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// A script in Lua that makes Wireshark show frames of this framing on TCP connections with this
/// port at either end, and passes their payloads to Wireshark's dissector of the name `payload`,
/// unless that is empty. Fails for a layout that has no reader in Lua.
[[nodiscard]] result<std::string> wireshark_dissector(const framing& frames, std::uint16_t port,
                                                      std::string_view payload = {});

/// `--wireshark SPEC --port N --payload NAME`.
struct wireshark_options {
    std::optional<std::string> framing;
    std::optional<std::uint16_t> port;
    std::optional<std::string> payload;

    [[nodiscard]] bool given() const noexcept {
        return framing.has_value() || payload.has_value();
    }
};

void add_wireshark_options(command_page& page, wireshark_options& into);

/// Prints the dissector; wrong usage if the framing is invalid, or given with anything else.
[[nodiscard]] int print_dissector(const command_page& page, const wireshark_options& options,
                                  const std::vector<std::string>& messages);

}  // namespace framewire
