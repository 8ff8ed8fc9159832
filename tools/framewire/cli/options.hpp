#pragma once

#include "command_line.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "protocols.hpp"

#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// `[PROTOCOL] [ADDRESS] [MESSAGE...]` and `--framing SPEC`, as every command takes them.
struct target_options {
    std::vector<std::string> words;
    std::optional<std::string> framing;
    /// Only after `--`, or if the command takes messages.
    std::vector<std::string> messages;
};

/// The meaning of those words.
struct target {
    const protocol* wording = nullptr;
    class framing framing;
    struct address address;
    std::vector<std::string> messages;
};

/// Recognises a protocol by its name and an address by its form; all further words are messages.
/// Fails if no framing is known, or if there are messages that the command does not take.
[[nodiscard]] result<target> resolve(const target_options& given, bool takes_messages);

void add_target_options(command_page& page, target_options& into, bool takes_messages);

/// `-v` for transcripts, `-vv` for walkthroughs: how often it is given.
void add_verbosity(command_page& page, int& into);

/// The limits of one peer, with their defaults and the reasons for them; shown by `--help-limits`.
void add_limit_options(command_page& page, limits& into);

}  // namespace framewire
