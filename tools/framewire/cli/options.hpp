#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "protocols.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

void add_target_options(CLI::App& app, target_options& into, bool takes_messages);

/// Options with a number, and with a unit where there is one. Anything else is a usage error.
CLI::Option* add_number(CLI::App& app, const std::string& name, std::uint64_t& into,
                        const std::string& meaning, std::uint64_t smallest = 0);
CLI::Option* add_size(CLI::App& app, const std::string& name, std::uint64_t& into,
                      const std::string& meaning, std::uint64_t smallest = 0);
CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& into,
                          const std::string& meaning);

/// `-v` for transcripts, `-vv` for walkthroughs: how often it is given.
void add_verbosity(CLI::App& app, int& into);

/// The limits that hold for one peer, with their defaults and why they are what they are; shown by
/// `--help-limits`.
void add_limit_options(CLI::App& app, limits& into);

/// Gives a help page its usage line and its examples.
void describe(CLI::App& app, std::string usage, std::string examples);

/// A framing or address that was written badly is wrong usage, not a failure.
struct usage_error final : CLI::Error {
    explicit usage_error(const failure& why);
    std::string hint;
};

}  // namespace framewire
