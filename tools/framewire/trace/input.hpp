#pragma once

#include "cli/options.hpp"
#include "framewire/core/result.hpp"
#include "framewire/transcript/transcript.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// The input of `trace`: messages, or captured bytes.
struct trace_input {
    target_options target;
    /// A hex dump, a transcript, or a capture of pcap or pcapng; `-` is standard input.
    std::string file;
    /// Which TCP stream of a capture.
    std::optional<std::uint64_t> stream;
};

/// The conversation to explain. A framing in `target` overrides that of a transcript. Fails if the
/// file cannot be read, a message cannot be framed, or the choice of stream is ambiguous. Throws
/// `usage_error` if the words are wrong.
[[nodiscard]] result<transcript> read_conversation(trace_input from);

}  // namespace framewire
