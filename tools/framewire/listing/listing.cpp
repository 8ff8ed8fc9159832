#include "listing.hpp"

#include "cli/help_text.hpp"
#include "cli/json.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "core/near_word.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <memory>

namespace framewire {
namespace {

// The codec's output, abridged to fit a line.
std::string example_bytes(std::string_view spec, bytes payload) {
    constexpr std::size_t shown_bytes = 40;
    std::string encoded;
    if (const auto frames = framing::parse(spec); frames && frames->encode(payload, encoded)) {
        return quote(encoded, shown_bytes);
    }
    return "";
}

struct row {
    // By which it is found, separated by spaces.
    std::string names;
    std::vector<std::pair<std::string_view, std::string>> fields;
};

std::string to_json(const std::vector<row>& rows) {
    auto all = json_value::list();
    for (const auto& row : rows) {
        auto& one = all.push_back({});
        for (const auto& [name, value] : row.fields) one[name] = value;
    }
    return all.dump_rows(json_layout::spaced) + '\n';
}

// The options of a grammar begin a line of their own if it is too long.
std::string heading(std::string text) {
    const auto options = text.find('[');
    if (text.size() > screen_columns && options != std::string::npos) {
        text.insert(options, "\n    ");
    }
    return text;
}

std::string to_text(const std::vector<row>& rows) {
    constexpr std::size_t column = 14;
    std::string out;
    for (const auto& row : rows) {
        out += fmt::format("{}\n", heading(row.fields.front().second));
        for (std::size_t i = 1; i < row.fields.size(); ++i) {
            out += fmt::format("    {:<9} {}\n", row.fields[i].first,
                               wrapped(row.fields[i].second, column));
        }
    }
    return out;
}

std::vector<row> protocol_rows() {
    std::vector<row> rows;
    for (const auto& protocol : protocol_table()) {
        rows.push_back({std::string(protocol.name),
                        {{"name", std::string(protocol.name)},
                         {"framing", std::string(protocol.framing)},
                         {"service", std::string(protocol.service)},
                         {"address", std::string(protocol.address)},
                         {"ends", std::string(protocol.ends)},
                         {"bytes", example_bytes(protocol.framing, protocol.example)}}});
    }
    return rows;
}

// A framing is also found by the names of its presets.
std::string all_names(const framing_row& framing) {
    auto names = std::string(framing.names);
    for (const auto& preset : framing_presets()) {
        const auto name = preset.spec.substr(0, preset.spec.find_first_of(":,"));
        if (fmt::format(" {} ", framing.names).find(fmt::format(" {} ", name)) !=
            std::string::npos) {
            names += fmt::format(" {}", preset.name);
        }
    }
    return names;
}

std::vector<row> framing_rows() {
    std::vector<row> rows;
    for (const auto& framing : framing_table()) {
        rows.push_back(
            {all_names(framing),
             {{"spec", std::string(framing.grammar)},
              {"meaning", std::string(framing.meaning)},
              {"example", std::string(framing.example_spec)},
              {"bytes", example_bytes(framing.example_spec, framing.example_payload)}}});
    }
    return rows;
}

std::string presets_text(const std::vector<std::string>& wanted) {
    std::string out;
    for (const auto& preset : framing_presets()) {
        if (!wanted.empty() && std::ranges::find(wanted, preset.name) == wanted.end()) continue;
        out +=
            fmt::format("    {:<19} {}\n{:24}{}\n", preset.name, preset.spec, "", preset.meaning);
    }
    if (!wanted.empty()) return out;
    return "All take ,max=SIZE and ,oversize=close|skip. Presets:\n" + out;
}

struct listing {
    const char* name;
    const char* kind;
    std::vector<row> (*rows)();
    std::string (*note)(const std::vector<std::string>& wanted);
};

failure unknown_name(const std::vector<row>& rows, const std::string& name, const char* kind) {
    std::vector<std::string_view> known;
    for (const auto& row : rows) {
        for (std::string_view rest = row.names; !rest.empty();) {
            const auto end = std::min(rest.find(' '), rest.size());
            known.push_back(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    const auto near = near_word(name, known);
    return {fmt::format("unknown {} '{}'", kind, name),
            near.empty() ? "" : fmt::format("did you mean '{}'?", near)};
}

// Those of the names, or all. Throws if there is none of a name.
std::vector<row> select(std::vector<row> rows, const std::vector<std::string>& wanted,
                        const char* kind) {
    if (wanted.empty()) return rows;
    std::vector<row> found;
    for (const auto& name : wanted) {
        const auto has_name = [&](const row& one) {
            return fmt::format(" {} ", one.names).find(fmt::format(" {} ", name)) !=
                   std::string::npos;
        };
        const auto here = std::ranges::find_if(rows, has_name);
        if (here == rows.end()) throw usage_error(unknown_name(rows, name, kind));
        found.push_back(*here);
    }
    return found;
}

command add_listing(command_page& page, const listing& what) {
    struct options {
        bool json = false;
        std::vector<std::string> wanted;
    };
    const auto given = std::make_shared<options>();
    page.flag("--json", given->json, "print the list as JSON");
    page.words(given->wanted);
    page.describe(fmt::format("{} [NAME...] [--json]", what.name),
                  fmt::format("  framewire {0}\n  framewire {0} --json", what.name));
    return [given, what](const std::vector<std::string>& /*messages*/) {
        const auto rows = select(what.rows(), given->wanted, what.kind);
        print(given->json ? to_json(rows) : to_text(rows) + what.note(given->wanted));
        return status_done;
    };
}

}  // namespace

command add_protocols(command_page& page) {
    return add_listing(page, {"protocols", "protocol", protocol_rows,
                              [](const std::vector<std::string>&) { return std::string(); }});
}

command add_framings(command_page& page) {
    return add_listing(page, {"framings", "framing", framing_rows, presets_text});
}

}  // namespace framewire
