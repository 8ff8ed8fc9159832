#pragma once

#include "cli/command_line.hpp"
#include "cli/event_options.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"
#include "reply_output.hpp"

#include <optional>
#include <string>

namespace framewire {

/// How what comes is written, as `send` and `receive` take it.
struct output_options {
    std::optional<std::string> path;
    std::optional<std::string> framing;
    bool raw = false;
    event_options events;
};

void add_output_options(command_page& page, output_options& into);

/// Throws `usage_error` if the options cannot be used together, or for what arrives in these
/// frames.
[[nodiscard]] output_form form_of(const output_options& given, const framing& arriving);

/// The exit status. Reports why the command has failed; as an event, too, if events are wanted.
[[nodiscard]] int status_of(const char* command_name, const result<void>& done,
                            const event_options& events);

}  // namespace framewire
