#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "protocols.hpp"

#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// `[PROTOCOL|FRAMING] [ADDRESS] [MESSAGE...]` and `--framing SPEC`, as every command takes them.
struct target_options {
    /// The command's name, for hints.
    std::string command;
    std::vector<std::string> words;
    std::optional<std::string> framing;
    /// Only after `--`, or if the command takes messages.
    std::vector<std::string> messages;
    /// False for a command that talks to nobody: that its messages look like an address is no
    /// mistake.
    bool has_address = true;
    /// More addresses may follow the first.
    bool takes_addresses = false;
};

/// The meaning of those words.
struct target {
    const protocol* wording = nullptr;
    class framing framing;
    struct address address;
    std::vector<std::string> messages;
    /// Those after the first.
    std::vector<struct address> more_addresses{};
    /// Nobody has named the address.
    bool is_default_address = false;
};

/// Recognises a protocol or framing by its name and an address by its form; all further words are
/// messages. Fails if no framing is known, or if there are messages that the command does not
/// take, with the right form as a hint.
[[nodiscard]] result<target> resolve(const target_options& given, bool takes_messages);

}  // namespace framewire
