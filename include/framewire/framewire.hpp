#pragma once

/// Start here. This header includes all of the library except its coroutines.
///
/// - To serve: `net/server.hpp`. A `service/service.hpp` replies to payloads; ready ones are in
///   `service/services.hpp`. A server reports what happens to a `net/observer.hpp`.
/// - To connect: `net/client.hpp`. For coroutines use `asio/stream.hpp`, `asio/listener.hpp` and
///   `asio/run.hpp` instead, which need Boost.Asio (`framewire::asio`).
/// - To keep your own sockets: `session/session.hpp` is the protocol without I/O or clock, and its
///   *Flow* says how to drive it. For framing alone, `codec/framing.hpp`.
/// - To test: `transcript/replay.hpp` replays a written conversation, `transcript/printer.hpp`
///   records one, `transcript/conversations.hpp` is about several at once.
/// - Used by all of them: `core/limits.hpp`, `core/error.hpp`, `core/result.hpp`. Headers in
///   folders named `detail` are not part of the interface, and may change at any time.

#include "framewire/codec/framing.hpp"
#include "framewire/net/client.hpp"
#include "framewire/net/server.hpp"
#include "framewire/service/services.hpp"
#include "framewire/session/session.hpp"
#include "framewire/transcript/conversations.hpp"
#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/replay.hpp"
