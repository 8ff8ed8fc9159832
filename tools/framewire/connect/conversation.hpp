#pragma once

#include "blocking_connection.hpp"
#include "history_file.hpp"
#include "line_queue.hpp"
#include "note_pipe.hpp"

#include <chrono>

namespace framewire {

struct conversation_options {
    bool escapes = false;  ///< `\x02` and the like are read in messages
    bool raw = false;      ///< a terminal gets payloads as they are, not escaped
    bool timestamps = false;
    /// Printed instead of payloads; may be null.
    line_queue* events = nullptr;
    /// Printed beside payloads; may be null.
    const note_pipe* notes = nullptr;
    /// How long a server may be silent after the end of the input; zero is for ever.
    std::chrono::milliseconds timeout{};
};

/// Sends each line of standard input, and prints payloads as they arrive. Returns the exit status.
/// Where nobody types, it prints nothing else, ends our stream at the end of the input, and
/// returns when the server ends its own.
[[nodiscard]] int converse(blocking_connection& connection, const framing& frames,
                           const conversation_options& options, history_file& history);

}  // namespace framewire
