#pragma once

#include "framewire/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// One end of a connection, as the system reports it.
struct endpoint {
    enum class family : std::uint8_t { ipv4, ipv6, local };

    /// The numeric address, or the path of a local socket (empty if it has none).
    std::string host;
    std::uint16_t port = 0;
    family kind = family::ipv4;
    std::uint32_t scope_id = 0;

    /// `127.0.0.1:7000`, `[::1]:7000` or `unix:/path`
    [[nodiscard]] std::string text() const;
};

/// Where to listen or connect: `HOST:PORT`, `[::1]:PORT`, `:PORT` or `unix:/path`.
struct address {
    /// Empty for `:PORT`: listening uses every IPv4 address of the machine, connecting 127.0.0.1.
    std::string host;
    std::uint16_t port = 0;
    /// Not empty for a local socket.
    std::string path;

    /// Parses the four forms; never resolves a name.
    static result<address> parse(std::string_view text);
    /// True if the text has the form of an address, valid or not; distinguishes an address from a
    /// protocol's name on a command line.
    [[nodiscard]] static bool has_form(std::string_view text) noexcept;

    [[nodiscard]] bool is_local() const noexcept { return !path.empty(); }
    /// The text that `parse` accepts.
    [[nodiscard]] std::string text() const;
};

}  // namespace framewire
