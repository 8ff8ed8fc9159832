#pragma once

/// Everything but the coroutines, which need Boost.Asio's headers: for those include
/// `framewire/net/stream.hpp`, `listener.hpp` and `run.hpp`.

#include "framewire/codec/framing.hpp"
#include "framewire/net/client.hpp"
#include "framewire/net/server.hpp"
#include "framewire/service/services.hpp"
#include "framewire/session/session.hpp"
#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/replay.hpp"
