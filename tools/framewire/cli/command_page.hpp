#pragma once

#include "config_file.hpp"
#include "framewire/core/result.hpp"
#include "page_spec.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace framewire {

/// The command line is wrong: exit status 2. May also be thrown while a command runs.
struct usage_error final : std::runtime_error {
    explicit usage_error(const failure& why)
        : std::runtime_error(why.message()), hint(why.hint), place(why.place) {}
    std::string hint;
    std::string place;  // as in `failure`
};

/// An option of a help page. Valid as long as its page's `page_spec`.
class option {
public:
    explicit option(option_spec& self) noexcept : self_(&self) {}

    /// Replaces the default that the page shows; an empty text shows none.
    option& shown_default(const std::string& text);
    /// Makes using both wrong usage.
    option& excludes(const option& other);
    /// Lists the option in `--help-all` and the manual only, so that `--help` fits a screen.
    option& seldom();
    /// Keeps it out of configuration files.
    option& of_command_line();
    /// A running server takes a new value of a file; others need a restart.
    option& reloadable();

    [[nodiscard]] bool given() const;
    /// `--drain TIME=10s`
    [[nodiscard]] std::string heading() const;
    [[nodiscard]] std::string meaning() const;

private:
    option_spec* self_;
};

/// A command's help page and its options. `names` is `-f,--framing`, `type` the page's name for
/// the value. The variable `into` must outlive the command line, and keeps its value if the option
/// is not given. Values are read in the order of the command line.
class command_page {
public:
    /// Reads the text of an option's value; its failure is wrong usage.
    using reader = std::function<result<void>(const std::string& text)>;

    explicit command_page(page_spec& spec) noexcept : spec_(spec) {}

    /// Options added from now on are listed under this heading, such as `Replies`. Headings are in
    /// the order of their first option; the first is `Options`.
    void group(const std::string& heading);

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
    /// May be given several times; `read` is called for each. The words before it on the command
    /// line are in the vector of `words` by then.
    option values(const std::string& names, const char* type, const std::string& meaning,
                  reader read);
    /// The value may be omitted; `read` then receives an empty text.
    option optional_value(const std::string& names, const char* type, const std::string& meaning,
                          reader read);
    /// Prints a text and ends the program.
    option prints(const std::string& names, std::function<std::string()> text,
                  const std::string& meaning);

    /// All words that are neither options nor their values.
    void words(std::vector<std::string>& into);
    /// Gives the page its usage line and its examples.
    void describe(const std::string& usage, const std::string& examples);
    /// Paragraphs for `--help-all` and the manual; empty lines separate them.
    void notes(const std::string& paragraphs);

    /// Reads what another page of the same options was given. Requires: it was no failure there.
    [[nodiscard]] result<void> read_again(const std::vector<given_word>& all);
    /// Reads the values of a file for options that were not given before; words are added to those
    /// of `words`: an address unless there is one, a protocol unless there is any other word or
    /// `--framing`. Fails with the line, and a hint, if an option is not known or its value is
    /// wrong. `path` is for these messages.
    [[nodiscard]] result<void> read_config(const std::string& path,
                                           const std::vector<config_setting>& all);

    [[nodiscard]] const page_spec& spec() const noexcept { return spec_; }
    [[nodiscard]] const std::string& name() const noexcept { return spec_.name; }
    /// How many options and words were given.
    [[nodiscard]] std::size_t given() const;
    /// All that was given, in order.
    [[nodiscard]] const std::vector<given_word>& in_order() const noexcept { return spec_.given; }

private:
    option_spec& add(const std::string& names, option_spec::value_kind takes, std::string value,
                     const std::string& meaning, reader read);

    page_spec& spec_;
    std::string group_ = "Options";
};

}  // namespace framewire
