#include "rows.hpp"

#include "cli/help_text.hpp"
#include "cli/json.hpp"
#include "cli/options.hpp"
#include "core/near_word.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

// A grammar that is too long is broken before options and after alternatives.
std::string heading(std::string_view text) {
    std::string out;
    std::size_t line = screen_columns;
    while (!text.empty()) {
        const auto options = std::min(text.find('[', 1), text.size());
        const auto size = std::min(text.find('|', 1), options - 1) + 1;
        // An option's own alternatives stay with it.
        const auto part = text.substr(0, text.front() == '[' ? text.find(']') + 1 : size);
        if (part.size() > line) {
            out += "\n    ";
            line = screen_columns - 4;
        }
        out += part;
        line -= part.size();
        text.remove_prefix(part.size());
    }
    return out;
}

}  // namespace

std::string example_bytes(std::string_view spec, bytes payload) {
    constexpr std::size_t shown_bytes = 40;
    std::string encoded;
    if (const auto frames = framing::parse(spec); frames && frames->encode(payload, encoded)) {
        return quote(encoded, shown_bytes);
    }
    return "";
}

std::string to_json(const std::vector<row>& rows) {
    auto all = json_value::list();
    for (const auto& row : rows) {
        auto& one = all.push_back({});
        for (const auto& [name, value] : row.fields) one[name] = value;
    }
    return all.dump_rows(json_layout::spaced) + '\n';
}

std::string to_text(const std::vector<row>& rows) {
    constexpr std::size_t column = 14;
    std::string out;
    for (const auto& row : rows) {
        out += fmt::format("{}\n", heading(row.fields.front().second));
        for (std::size_t i = 1; i < row.fields.size(); ++i) {
            const auto& [name, value] = row.fields[i];
            if (value.empty()) continue;
            out += fmt::format("    {:<9} {}\n", name, wrapped(value, column));
        }
    }
    return out;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

const row* find_row(const std::vector<row>& rows, std::string_view name) {
    const auto found = std::ranges::find_if(rows, [&](const row& one) {
        const auto names = words_of(one.names);
        return std::ranges::find(names, name) != names.end();
    });
    return found == rows.end() ? nullptr : &*found;
}

void refuse_name(const std::string& name, std::string_view kind,
                 const std::vector<std::string_view>& known) {
    const auto near = near_word(name, known);
    throw usage_error({fmt::format("unknown {} '{}'", kind, name),
                       near.empty() ? "" : fmt::format("did you mean '{}'?", near)});
}

}  // namespace framewire
