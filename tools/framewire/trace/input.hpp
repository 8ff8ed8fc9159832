#pragma once

#include "cli/options.hpp"
#include "framewire/core/result.hpp"
#include "framewire/transcript/transcript.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// The input of `trace`: messages, or captured bytes.
struct trace_input {
    target_options target;
    /// A hex dump, a transcript, or a capture of pcap or pcapng; `-` is standard input.
    std::string file;
    /// Which TCP stream of a capture.
    std::optional<std::uint64_t> stream;
    /// The secrets of the capture's TLS connections; empty: it has none, or they are not wanted.
    std::string keylog{};
};

/// The conversation to show, and what is known of it beyond its bytes.
struct conversation {
    transcript text;
    /// The two ends of a captured stream; empty if there are none.
    std::string client{};
    std::string server{};
    /// How the server ended its stream, which is no line of a transcript.
    std::optional<transcript_line> server_end{};
    /// What is missing in a capture, one sentence each.
    std::vector<std::string> remarks{};
};

/// The conversation to explain. A framing in `target` overrides that of a transcript. Fails if the
/// file cannot be read, a message cannot be framed, or the choice of stream is ambiguous. Throws
/// `usage_error` if the words are wrong.
[[nodiscard]] result<conversation> read_conversation(trace_input from);

}  // namespace framewire
