#pragma once

#include "client_program.hpp"
#include "framewire/core/endpoint.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "io/descriptor.hpp"
#include "io/listening.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// A connection of a client, and the client if it was run for it.
struct client_visit {
    owned_descriptor socket;
    endpoint from{};
    std::optional<client_program> program{};
};

/// Where clients come from: they connect by themselves, or a command is run for each connection.
class client_source {
public:
    /// Listens. In `command`, `{address}`, `{host}` and `{port}` are replaced.
    static result<client_source> open(const address& where, std::string command);

    [[nodiscard]] const endpoint& at() const noexcept { return at_; }
    [[nodiscard]] bool has_command() const noexcept { return !command_.empty(); }
    /// The next connection. Without a time it is waited for without end; otherwise fails if none
    /// comes, or the command ends without one.
    result<client_visit> next(std::optional<std::chrono::milliseconds> within);

private:
    [[nodiscard]] result<std::optional<client_visit>> accept();
    void refuse_waiting();

    std::vector<listening_socket> listeners_;
    endpoint at_{};
    std::string command_;
};

}  // namespace framewire
