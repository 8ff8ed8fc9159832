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
    /// Only after `--`, or where the command takes messages.
    std::vector<std::string> messages;
};

/// What those words mean.
struct target {
    const protocol* wording = nullptr;
    class framing framing;
    struct address address;
    std::vector<std::string> messages;
};

/// A protocol is recognised by its name, an address by its form, and what follows is messages.
/// Fails where no framing is known, or where a word is neither and messages are not taken.
[[nodiscard]] result<target> resolve(const target_options& given, bool takes_messages);

void add_target_options(command_page& page, target_options& into, bool takes_messages);

/// `-v` for transcripts, `-vv` for walkthroughs: how often it is given.
void add_verbosity(command_page& page, int& into);

/// The limits that hold for one peer, with their defaults and why they are what they are; shown by
/// `--help-limits`.
void add_limit_options(command_page& page, limits& into);

}  // namespace framewire
