#pragma once

#include "framewire/core/result.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace framewire {

/// An option, as the command line reads it and as help, manual and completions show it.
struct option_spec {
    enum class value_kind { none, required, optional };

    /// `-f`, or empty.
    std::string short_name;
    /// `--framing`
    std::string long_name;
    value_kind takes = value_kind::none;
    /// What the pages call the value: `SPEC`.
    std::string value;
    std::string meaning;
    /// The default that the pages show; may be empty.
    std::string initial;
    /// The heading that it is listed under.
    std::string group;
    /// Listed by `--help-all` and the manual only.
    bool is_seldom = false;
    bool repeats = false;
    /// A running server can take a new value.
    bool is_reloadable = false;
    /// May not be in a configuration file.
    bool is_of_command_line = false;
    /// Receives the value; its failure is wrong usage.
    std::function<result<void>(const std::string& text)> read{};
    /// Not empty: the option prints this text and ends the program.
    std::function<std::string()> prints{};
    std::vector<const option_spec*> excluded{};
    /// How often it is on the command line.
    std::size_t times_given = 0;
};

/// One thing on a command line: the value of an option, or a word that belongs to none.
struct given_word {
    /// `--file`; empty for a word.
    std::string option;
    std::string text;
};

/// What is known of a command: the text of its pages, and its options.
struct page_spec {
    /// `serve`; empty for `framewire` itself.
    std::string name{};
    /// One line.
    std::string what{};
    /// Without `framewire`; may have several lines.
    std::string usage{};
    /// Lines that begin with two spaces are examples, others are remarks.
    std::string examples{};
    /// Paragraphs of `--help-all` and the manual; empty lines separate them.
    std::string notes{};
    /// A deque, as others point to its elements.
    std::deque<option_spec> options{};
    /// Where words go that are neither options nor values; null if none are taken.
    std::vector<std::string>* words = nullptr;
    /// All that was read from the command line, in its order.
    std::vector<given_word> given{};
    /// Names and meanings of the commands, on the page of `framewire` itself.
    std::vector<std::pair<std::string, std::string>> commands{};
};

}  // namespace framewire
