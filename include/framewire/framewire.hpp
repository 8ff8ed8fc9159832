#pragma once

/// Start here. This header includes all of the library but its coroutines.
///
/// - To serve: `net/server.hpp`. What answers is a `service/service.hpp`; ready ones are in
///   `service/services.hpp`; what a server reports is a `net/observer.hpp`.
/// - To connect: `net/client.hpp` waits for each reply. `asio/stream.hpp`, `asio/listener.hpp` and
///   `asio/run.hpp` are the same as coroutines, and need Boost.Asio (`framewire::asio`).
/// - To keep your own sockets: `session/session.hpp` is the protocol without I/O or clock, and its
///   *Flow* says how to drive it. For framing alone, `codec/framing.hpp`.
/// - To test: `transcript/replay.hpp` runs a written conversation, `transcript/printer.hpp` writes
///   one down.
/// - What all of them use: `core/limits.hpp`, `core/error.hpp`, `core/result.hpp`. Headers in
///   folders named `detail` are no interface, and may change at any time.

#include "framewire/codec/framing.hpp"
#include "framewire/net/client.hpp"
#include "framewire/net/server.hpp"
#include "framewire/service/services.hpp"
#include "framewire/session/session.hpp"
#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/replay.hpp"
