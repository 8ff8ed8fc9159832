#include "completions.hpp"

#include "framewire/codec/framing_table.hpp"
#include "protocols.hpp"

#include <fmt/format.h>
#include <string_view>

namespace framewire {
namespace {

using value_kind = option_spec::value_kind;

constexpr std::string_view services =
    "echo discard reply: acknowledge acknowledge: relay store: replay: exec: pipe:";

std::string framing_words() {
    std::string out;
    for (const auto name : framing_names())
        out += fmt::format("{}{}", out.empty() ? "" : " ", name);
    return out;
}

std::string first_words() {
    std::string out;
    for (const auto& one : protocol_table()) out += fmt::format("{} ", one.name);
    return out + framing_words();
}

bool is_path(const option_spec& option) {
    return option.value.find("PATH") != std::string::npos ||
           option.value.find("FILE") != std::string::npos;
}

// What may be the value, as far as it can be listed.
std::string value_words(const option_spec& option) {
    if (option.value == "SPEC") return framing_words();
    if (option.value == "SERVICE") return std::string(services);
    return "";
}

// Within single quotes of a shell.
std::string quoted(std::string_view text) {
    std::string out;
    for (const char one : text) {
        if (one == '\'') {
            out += "'\\''";
        } else {
            out += one;
        }
    }
    return "'" + out + "'";
}

// `_arguments` reads brackets and colons as its own.
std::string zsh_text(std::string_view text) {
    std::string out;
    for (const char one : text) {
        if (one == '[' || one == ']' || one == ':' || one == '\\') out += '\\';
        out += one;
    }
    return out;
}

std::string names_of(const page_spec& page) {
    std::string out;
    for (const auto& one : page.options) {
        out += one.long_name + " ";
        if (!one.short_name.empty()) out += one.short_name + " ";
    }
    return out;
}

// `-f|--framing`
std::string pattern_of(const option_spec& option) {
    return option.short_name.empty() ? option.long_name
                                     : option.short_name + "|" + option.long_name;
}

std::string bash_case(const page_spec& page) {
    auto out = fmt::format("    {})\n        case $before in\n", page.name);
    for (const auto& one : page.options) {
        if (one.takes != value_kind::required) continue;
        const auto words = value_words(one);
        const auto reply = is_path(one) ? "_framewire_files" : "_framewire_words " + quoted(words);
        out += fmt::format("        {}) {}; return ;;\n", pattern_of(one), reply);
    }
    out += "        esac\n";
    out += fmt::format("        if [[ $word == -* ]]; then _framewire_words {}\n",
                       quoted(names_of(page)));
    if (page.words != nullptr) {
        out += fmt::format("        elif (( COMP_CWORD == 2 )); then _framewire_words {}\n",
                           quoted(first_words()));
    }
    return out + "        fi ;;\n";
}

std::string zsh_option(const option_spec& option) {
    auto names = quoted(option.long_name);
    auto excluded = option.repeats ? std::string("*") : "";
    if (!option.short_name.empty()) {
        names = fmt::format("{{{},{}}}", option.short_name, option.long_name);
        if (!option.repeats) {
            excluded = fmt::format("({} {})", option.short_name, option.long_name);
        }
    }
    auto rest = fmt::format("[{}]", zsh_text(option.meaning));
    if (option.takes != value_kind::none) {
        const auto words = value_words(option);
        const auto values = is_path(option) ? "_files" : words.empty() ? " " : "(" + words + ")";
        const char* colon = option.takes == value_kind::optional ? "::" : ":";
        rest += fmt::format("{}{}:{}", colon, zsh_text(option.value), zsh_text(values));
    }
    return fmt::format("        {}{}{} \\\n", quoted(excluded), names, quoted(rest));
}

std::string fish_option(const page_spec& page, const option_spec& option) {
    auto out = fmt::format("complete -c framewire -n '__fish_seen_subcommand_from {}' -l {}",
                           page.name, option.long_name.substr(2));
    if (!option.short_name.empty()) out += " -s " + option.short_name.substr(1);
    const auto words = value_words(option);
    if (is_path(option)) {
        out += " -r -F";
    } else if (option.takes == value_kind::required) {
        out += " -x";
    }
    if (!words.empty()) out += " -a " + quoted(words);
    return out + " -d " + quoted(option.meaning) + "\n";
}

}  // namespace

std::string bash_completion(std::span<const page_spec* const> pages) {
    std::string names;
    std::string cases;
    for (const auto* page : pages) {
        names += page->name + " ";
        cases += bash_case(*page);
    }
    return "# Completion of framewire(1) for bash.\n"
           "_framewire_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$word\"); }\n"
           "_framewire_files() { compopt -o filenames 2>/dev/null\n"
           "    mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); }\n"
           "_framewire() {\n"
           "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    COMPREPLY=()\n"
           "    if (( COMP_CWORD == 1 )); then\n"
           "        _framewire_words '" +
           names +
           "help version --help --version'\n"
           "        return\n"
           "    fi\n"
           "    case ${COMP_WORDS[1]} in\n"
           "    help) _framewire_words '" +
           names + "' ;;\n" + cases +
           "    esac\n"
           "}\n"
           "complete -F _framewire framewire\n";
}

std::string zsh_completion(std::span<const page_spec* const> pages) {
    std::string commands;
    std::string cases;
    for (const auto* page : pages) {
        commands += "        " + quoted(page->name + ":" + zsh_text(page->what)) + "\n";
        cases += fmt::format("    {}) _arguments -s -S \\\n", page->name);
        for (const auto& one : page->options) cases += zsh_option(one);
        cases += page->words == nullptr
                     ? "        ;;\n"
                     : fmt::format("        '*: :({})' ;;\n", zsh_text(first_words()));
    }
    return "#compdef framewire\n"
           "_framewire() {\n"
           "    local -a commands=(\n" +
           commands +
           "        'help:show a command'\\''s page'\n"
           "        'version:print the version'\n"
           "    )\n"
           "    if (( CURRENT == 2 )); then\n"
           "        _describe command commands\n"
           "        return\n"
           "    fi\n"
           "    shift words\n"
           "    (( CURRENT-- ))\n"
           "    case $words[1] in\n"
           "    help) _describe command commands ;;\n" +
           cases +
           "    esac\n"
           "}\n"
           "_framewire \"$@\"\n";
}

std::string fish_completion(std::span<const page_spec* const> pages) {
    std::string out = "# Completion of framewire(1) for fish.\n";
    const auto command = [&](const std::string& name, const std::string& what) {
        out += fmt::format("complete -c framewire -n __fish_use_subcommand -f -a {} -d {}\n", name,
                           quoted(what));
    };
    for (const auto* page : pages) command(page->name, page->what);
    command("help", "show a command's page");
    command("version", "print the version");
    out += "complete -c framewire -n '__fish_seen_subcommand_from help' -f -a '";
    for (const auto* page : pages) out += page->name + " ";
    out += "'\n";
    for (const auto* page : pages) {
        for (const auto& one : page->options) out += fish_option(*page, one);
        if (page->words == nullptr) continue;
        out += fmt::format("complete -c framewire -n '__fish_seen_subcommand_from {}' -f -a {}\n",
                           page->name, quoted(first_words()));
    }
    return out;
}

}  // namespace framewire
