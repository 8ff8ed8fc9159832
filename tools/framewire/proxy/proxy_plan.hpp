#pragma once

#include "channel.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/net/observer.hpp"
#include "io/sockets.hpp"
#include "live_faults.hpp"
#include "programs/program_runner.hpp"
#include "rule.hpp"
#include "transport/transport.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace framewire {

/// What all connections of a proxy share. Only read while it runs.
struct proxy_plan {
    framing client;  ///< of what the client sends; its `replies()` is that of what it gets
    framing server;  ///< of what the server gets
    address target;
    std::vector<socket_address> candidates{};
    std::chrono::milliseconds connect_timeout{0};
    framewire::limits limits{};
    transport_factory make_transport{};  // null: the server is reached without TLS
    misfit beyond = misfit::close;
    std::vector<mock> mocks{};
    std::vector<change> changes{};
    std::shared_ptr<program_runner> programs{};  // null: no rule is one
    live_faults* faults = nullptr;               // null: there are none, and never will be

    /// Notified of what the client sends and is sent, as the observer of a server is; null if
    /// nobody asks.
    observer* shown = nullptr;
    /// The same of what the server sends and is sent, and for which client.
    std::function<void(const peer& client, const peer& server, const occurrence& what)>
        show_server{};
    /// An end is sent nothing more.
    std::function<void(const peer& client, end_of to)> show_end{};
    /// What happened to a message that the client sent (`end_of::server`) or should get.
    std::function<void(const peer& client, end_of to, std::uint64_t message,
                       std::string_view what)>
        report_fault{};
    /// Why the server's side of a connection failed.
    std::function<void(const peer& client, const wire_error& why)> report_server{};
};

}  // namespace framewire
