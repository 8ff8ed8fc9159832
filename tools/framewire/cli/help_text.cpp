#include "help_text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdint>
#include <vector>

namespace framewire {
namespace {

constexpr std::size_t meaning_column = 26;
constexpr std::size_t command_column = 15;

std::string as_sentence(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() -= 'a' - 'A';
    if (!text.ends_with('.')) text += '.';
    return text;
}

class page_writer {
public:
    page_writer(const page_spec& page, help_extent extent, bool is_bold)
        : page_(page), extent_(extent), is_bold_(is_bold) {}

    std::string write() {
        heading("Usage:");
        out_ += fmt::format(" framewire {}\n", page_.usage);
        out_ += wrapped(as_sentence(page_.what), 0) + "\n";
        if (!page_.commands.empty()) write_commands();
        for (const auto& name : groups()) write_group(name);
        out_ += '\n';
        if (extent_ == help_extent::all && !page_.notes.empty()) {
            out_ += wrapped(page_.notes, 0) + "\n\n";
        }
        heading("Examples:");
        out_ += "\n" + page_.examples + "\n";
        return out_;
    }

private:
    void heading(std::string_view words) {
        out_ += is_bold_ ? fmt::format("\x1b[1m{}\x1b[0m", words) : std::string(words);
    }

    // One line of blank before each group would not fit a screen.
    void write_group(const std::string& name) {
        const bool is_first = name == groups().front() && page_.commands.empty();
        if (is_first || extent_ == help_extent::all) out_ += '\n';
        heading(name + ":");
        out_ += '\n';
        for (const auto& one : page_.options) {
            if (is_shown(one) && one.group == name) {
                write_row(option_heading(one), option_meaning(one), meaning_column);
            }
        }
    }

    void write_commands() {
        heading("Commands:");
        out_ += '\n';
        for (const auto& [name, what] : page_.commands) write_row(name, what, command_column);
    }

    void write_row(const std::string& left, const std::string& right, std::size_t column) {
        out_ += "  " + left;
        const auto used = left.size() + 2;
        if (used + 2 > column) out_ += "\n" + std::string(column, ' ');
        if (used + 2 <= column) out_ += std::string(column - used, ' ');
        out_ += wrapped(right, column) + "\n";
    }

    bool is_shown(const option_spec& one) const {
        return extent_ == help_extent::all || !one.is_seldom;
    }

    std::vector<std::string> groups() const {
        std::vector<std::string> names;
        for (const auto& one : page_.options) {
            if (is_shown(one) && std::ranges::find(names, one.group) == names.end()) {
                names.push_back(one.group);
            }
        }
        return names;
    }

    const page_spec& page_;
    help_extent extent_;
    bool is_bold_;
    std::string out_;
};

// As many words as fit, at least one.
std::string_view take_line(std::string_view& text, std::size_t width) {
    auto end = std::min(text.find('\n'), text.size());
    if (end > width) {
        const auto space = text.rfind(' ', width);
        end = space != std::string_view::npos && space > 0 ? space : text.find(' ');
        end = std::min(end, text.size());
    }
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

}  // namespace

std::string help_text(const page_spec& page, help_extent extent, bool is_bold) {
    return page_writer(page, extent, is_bold).write();
}

std::string option_heading(const option_spec& option) {
    auto text = option.long_name;
    if (!option.short_name.empty()) text = option.short_name + ", " + text;
    if (!option.value.empty()) text += " " + option.value;
    return text;
}

std::string option_meaning(const option_spec& option) {
    if (option.initial.empty()) return option.meaning;
    return fmt::format("{} (default {})", option.meaning, option.initial);
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t columns) {
    std::string out;
    while (true) {
        out += take_line(text, columns - indent);
        if (text.empty()) return out;
        out += '\n';
        if (text.front() != '\n') out += std::string(indent, ' ');
    }
}

}  // namespace framewire
