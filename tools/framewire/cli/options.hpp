#pragma once

#include "command_line.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/net/server.hpp"
#include "target.hpp"

namespace framewire {

/// Adds `--framing` to the page, and takes its words.
void add_target_options(command_page& page, target_options& into, bool takes_messages);

/// Writes to standard error which address is taken, if none was given.
void report_default_address(const target_options& given, const target& found);

/// `-v` for transcripts, `-vv` for walkthroughs: how often it is given.
void add_verbosity(command_page& page, int& into);

/// How many may connect: of commands that accept connections.
void add_connection_options(command_page& page, server_settings& into);

/// The limits of one peer, with their defaults and the reasons for them; shown by `--help-limits`.
void add_limit_options(command_page& page, limits& into);

}  // namespace framewire
