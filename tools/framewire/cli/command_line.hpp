#pragma once

#include "framewire/core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

// CLI11 is slow to compile: only command_line.cpp includes it.
namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace framewire {

/// The command line is wrong: exit status 2. May also be thrown while a command runs.
struct usage_error final : std::runtime_error {
    explicit usage_error(const failure& why) : std::runtime_error(why.message()), hint(why.hint) {}
    std::string hint;
};

/// An option of a help page. Valid as long as its command line.
class option {
public:
    explicit option(CLI::Option* self) noexcept : self_(self) {}

    /// Replaces the default that the page shows; an empty text shows none.
    option& shown_default(const std::string& text);
    /// Makes using both wrong usage.
    option& excludes(const option& other);
    /// Omits the option from the help page, as it has a page of its own.
    option& hidden();

    [[nodiscard]] bool given() const;
    /// `--drain TIME=10s`
    [[nodiscard]] std::string heading() const;
    [[nodiscard]] std::string meaning() const;

private:
    CLI::Option* self_;
};

/// A command's help page and its options. `names` is `-f,--framing`, `type` the page's name for
/// the value. The variable `into` must outlive the command line, and keeps its value if the option
/// is not given.
class command_page {
public:
    /// Reads the text of an option's value; its failure is wrong usage.
    using reader = std::function<result<void>(const std::string& text)>;

    explicit command_page(CLI::App& app) noexcept : app_(app) {}

    option text(const std::string& names, std::string& into, const char* type,
                const std::string& meaning);
    option text(const std::string& names, std::optional<std::string>& into, const char* type,
                const std::string& meaning);
    /// May be given several times.
    option texts(const std::string& names, std::vector<std::string>& into, const char* type,
                 const std::string& meaning);
    option flag(const std::string& names, bool& into, const std::string& meaning);
    /// Counts how often it is given.
    option count(const std::string& names, int& into, const std::string& meaning);

    option number(const std::string& names, std::uint64_t& into, const std::string& meaning,
                  std::uint64_t smallest = 0);
    /// Bytes, such as `64KiB`.
    option size(const std::string& names, std::uint64_t& into, const std::string& meaning,
                std::uint64_t smallest = 0);
    /// Sizes, separated by commas; may be given several times.
    option sizes(const std::string& names, std::vector<std::uint64_t>& into,
                 const std::string& meaning);
    option duration(const std::string& names, std::chrono::milliseconds& into,
                    const std::string& meaning);
    option value(const std::string& names, const char* type, const std::string& meaning,
                 reader read);
    /// The value may be omitted; `read` then receives an empty text.
    option optional_value(const std::string& names, const char* type, const std::string& meaning,
                          reader read);
    /// Prints a text and ends the program.
    option prints(const std::string& names, std::function<std::string()> text,
                  const std::string& meaning);

    /// All words that are neither options nor their values.
    void words(std::vector<std::string>& into, const std::string& meaning);
    /// Gives the page its usage line and its examples.
    void describe(const std::string& usage, const std::string& examples);

    /// How many options and words were given.
    [[nodiscard]] std::size_t given() const;

private:
    CLI::App& app_;
};

/// Runs a command with the words after `--`; returns the exit status.
using command = std::function<int(std::vector<std::string> messages)>;

/// A row of the table of commands; adds its options to the page and returns its function.
struct command_row {
    const char* name;
    const char* what;
    command (*add)(command_page& page);
};

/// The text of `framewire --help` besides the commands.
struct main_page {
    std::string what;
    std::string examples;
    std::string version;
};

/// Finds the command that `words` begin with, reads its options, runs it. Returns the exit status;
/// reports wrong usage.
[[nodiscard]] int run_command(const main_page& page, std::span<const command_row> commands,
                              const std::vector<std::string>& words);

}  // namespace framewire
