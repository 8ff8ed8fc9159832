#pragma once

#include "cli/event_options.hpp"
#include "cli/target.hpp"
#include "core/stream_side.hpp"
#include "dump/dump.hpp"
#include "page/options.hpp"
#include "resync.hpp"
#include "selection.hpp"
#include "stream_list.hpp"
#include "walkthrough/chunking.hpp"
#include "wireshark/wireshark.hpp"

#include <optional>
#include <string>

namespace framewire {

/// What the command line of `trace` says.
struct trace_options {
    target_options target;
    /// A dump, a transcript or a capture; `-` is standard input; empty for messages.
    std::string file;
    dump_options dump;
    /// The secrets of the capture's TLS connections; empty: it has none, or they are not wanted.
    std::string keylog;
    /// Which streams of a capture.
    stream_choice streams;
    /// `--stream` is given: they are shown, not listed.
    bool names_streams = false;
    bool only_failed = false;
    bool swaps = false;
    /// None for both.
    std::optional<stream_side> side;
    resync_plan plan;
    frame_selection frames;
    chunking cuts;
    bool brief = false;
    bool times = false;
    event_options events;
    wireshark_options wireshark;
    page_options page;
};

/// Adds the options of `trace` to its page.
void add_trace_options(command_page& page, trace_options& into);

}  // namespace framewire
