#pragma once

#include "cli/options.hpp"
#include "framewire/core/result.hpp"
#include "framewire/transcript/transcript.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// What `trace` is given: messages, or bytes that somebody has captured.
struct trace_input {
    target_options target;
    /// A hex dump, a transcript, or a capture of pcap or pcapng; `-` is standard input.
    std::string file;
    /// Which TCP stream of a capture.
    std::optional<std::uint64_t> stream;
};

/// The conversation that is to be explained. A transcript says its framing itself; with another
/// one in `target` that one counts. Fails if the file cannot be read, a message cannot be framed,
/// or it is not known which stream is meant. Throws `usage_error` where words are wrong.
[[nodiscard]] result<transcript> read_conversation(trace_input from);

}  // namespace framewire
