#include "manual.hpp"

#include "help_text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cctype>
#include <string_view>

namespace framewire {
namespace {

// Characters that roff would read as its own, or print as others.
std::string escaped(std::string_view text) {
    std::string out;
    bool begins_line = true;
    for (const char one : text) {
        if (begins_line && (one == '.' || one == '\'')) out += "\\&";
        begins_line = one == '\n';
        switch (one) {
            case '\\': out += "\\e"; break;
            case '-': out += "\\-"; break;
            case '\'': out += "\\(aq"; break;
            case '`': out += "\\(ga"; break;
            case '^': out += "\\(ha"; break;
            case '~': out += "\\(ti"; break;
            default: out += one;
        }
    }
    return out;
}

std::string title(const page_spec& page) {
    return page.name.empty() ? "framewire" : "framewire-" + page.name;
}

std::string section(std::string_view heading, std::string_view body) {
    return fmt::format(".SH {}\n{}\n", heading, body);
}

std::string as_typed(std::string_view text) { return fmt::format(".nf\n{}\n.fi", escaped(text)); }

// A line that is long is filled.
std::string synopsis(std::string_view usage) {
    auto out = ".B framewire\n" + escaped(usage);
    for (auto at = out.find("\n       "); at != std::string::npos; at = out.find("\n       ")) {
        out.replace(at, 8, "\n.br\n");
    }
    return out;
}

std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fR", escaped(text)); }

std::string heading_of(const option_spec& option) {
    auto text = bold(option.long_name);
    if (!option.short_name.empty()) text = bold(option.short_name) + ", " + text;
    if (!option.value.empty()) text += fmt::format(" \\fI{}\\fR", escaped(option.value));
    return text;
}

std::string entry(std::string_view heading, std::string_view meaning) {
    return fmt::format(".TP\n{}\n{}\n", heading, escaped(meaning));
}

std::string options_of(const page_spec& page) {
    std::vector<std::string> groups;
    for (const auto& one : page.options) {
        if (std::ranges::find(groups, one.group) == groups.end()) groups.push_back(one.group);
    }
    std::string out;
    for (const auto& group : groups) {
        out += fmt::format(".SS {}\n", escaped(group));
        for (const auto& one : page.options) {
            if (one.group == group) out += entry(heading_of(one), option_meaning(one));
        }
    }
    return out;
}

std::string paragraphs(std::string_view text) {
    auto out = escaped(text);
    for (auto at = out.find("\n\n"); at != std::string::npos; at = out.find("\n\n", at)) {
        out.replace(at, 2, "\n.PP\n");
    }
    return out;
}

std::string commands_of(const page_spec& page) {
    std::string out;
    for (const auto& [name, what] : page.commands) {
        out += entry(fmt::format(R"(\fBframewire\-{}\fR(1))", escaped(name)), what);
    }
    return out;
}

std::string statuses(const page_spec& page) {
    auto out = entry("0", "done") +
               entry("1", "failed: a peer, the network, a file, or a check that did not pass") +
               entry("2", "wrong usage");
    if (page.name.empty() || page.name == "bench") {
        out += entry("3", "of bench: everything worked, but a threshold was missed");
    }
    return out;
}

std::string see_also(const page_spec& page, std::span<const page_spec* const> pages) {
    std::string out = page.name.empty() ? "" : ".BR framewire (1)";
    for (const auto* other : pages) {
        if (other->name == page.name) continue;
        if (!out.empty()) out += ",\n";
        out += fmt::format(".BR {} (1)", escaped(title(*other)));
    }
    return out;
}

}  // namespace

std::string manual_page(const page_spec& page, const std::string& version,
                        std::span<const page_spec* const> pages) {
    auto upper = title(page);
    std::ranges::transform(upper, upper.begin(),
                           [](unsigned char one) { return static_cast<char>(std::toupper(one)); });
    // Neither commands nor options may be hyphenated.
    auto out = fmt::format(".TH {} 1 \"\" \"{}\" \"User commands\"\n.nh\n.ad l\n", escaped(upper),
                           escaped(version));
    out += section("NAME", escaped(title(page)) + " \\- " + escaped(page.what));
    out += section("SYNOPSIS", synopsis(page.usage));
    if (!page.notes.empty()) out += section("DESCRIPTION", paragraphs(page.notes));
    if (!page.commands.empty()) out += section("COMMANDS", commands_of(page));
    out += section("OPTIONS", options_of(page));
    out += section("EXAMPLES", as_typed(page.examples));
    out += section("EXIT STATUS", statuses(page));
    return out + section("SEE ALSO", see_also(page, pages));
}

}  // namespace framewire
