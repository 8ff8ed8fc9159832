#pragma once

#include "framewire/core/endpoint.hpp"
#include "framewire/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// Where to listen or connect: `HOST:PORT`, `[::1]:PORT`, `:PORT` or `unix:/path`, to listen also
/// `*:PORT` and `unix:/path,mode=660,owner=NAME,group=NAME`. `unix:@name` is a local socket
/// without a file (abstract, unix(7)).
struct address {
    /// Empty for `:PORT`, this machine alone: 127.0.0.1 and ::1. `*` is every address of this
    /// machine, IPv4 and IPv6, which its network can reach.
    std::string host;
    std::uint16_t port = 0;
    /// Not empty for a local socket. With a leading `@` it is no path but an abstract name.
    std::string path;
    /// The permissions of the file that a server makes; else the umask decides.
    std::optional<std::uint16_t> mode{};
    /// To whom that file belongs, by name or number; else to the user and group of the server.
    std::string owner{};
    std::string group{};

    /// Parses the forms; never resolves a name.
    static result<address> parse(std::string_view text);
    /// True if the text has the form of an address, valid or not; distinguishes an address from a
    /// protocol's name on a command line.
    [[nodiscard]] static bool has_form(std::string_view text) noexcept;

    [[nodiscard]] bool is_local() const noexcept { return !path.empty(); }
    [[nodiscard]] bool is_abstract() const noexcept { return path.starts_with('@'); }
    /// True if the file of the socket is to have an owner, a group or permissions of its own.
    [[nodiscard]] bool has_file_options() const noexcept {
        return mode || !owner.empty() || !group.empty();
    }
    /// True for `*:PORT`.
    [[nodiscard]] bool is_every() const noexcept { return host == "*"; }
    /// The text that `parse` accepts.
    [[nodiscard]] std::string text() const;
};

}  // namespace framewire
