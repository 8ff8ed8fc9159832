#include "listing.hpp"

#include "cli/json.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
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

std::string to_text(const std::vector<row>& rows) {
    std::string out;
    for (const auto& row : rows) {
        out += fmt::format("{}\n", row.fields.front().second);
        for (std::size_t i = 1; i < row.fields.size(); ++i) {
            out += fmt::format("    {:<9} {}\n", row.fields[i].first, row.fields[i].second);
        }
    }
    return out;
}

std::vector<row> protocol_rows() {
    std::vector<row> rows;
    for (const auto& protocol : protocol_table()) {
        rows.push_back({{{"name", std::string(protocol.name)},
                         {"framing", std::string(protocol.framing)},
                         {"service", std::string(protocol.service)},
                         {"address", std::string(protocol.address)},
                         {"ends", std::string(protocol.ends)},
                         {"bytes", example_bytes(protocol.framing, protocol.example)}}});
    }
    return rows;
}

std::vector<row> framing_rows() {
    std::vector<row> rows;
    for (const auto& framing : framing_table()) {
        rows.push_back(
            {{{"spec", std::string(framing.grammar)},
              {"meaning", std::string(framing.meaning)},
              {"example", std::string(framing.example_spec)},
              {"bytes", example_bytes(framing.example_spec, framing.example_payload)}}});
    }
    return rows;
}

std::string presets_text() {
    std::string out =
        "All take ,max=SIZE and ,oversize=close|skip. Names for what is often needed:\n";
    for (const auto& preset : framing_presets()) {
        out += fmt::format("    {:<19}{:<31}{}\n", preset.name, preset.spec, preset.meaning);
    }
    return out;
}

command add_listing(command_page& page, const std::string& name, const std::string& note,
                    std::vector<row> (*rows)()) {
    const auto json = std::make_shared<bool>(false);
    page.flag("--json", *json, "for programs");
    page.describe(name + " [--json]",
                  fmt::format("  framewire {}\n  framewire {} --json", name, name));
    return [json, rows, note](const std::vector<std::string>& /*messages*/) {
        print(*json ? to_json(rows()) : to_text(rows()) + note);
        return status_done;
    };
}

}  // namespace

command add_protocols(command_page& page) {
    return add_listing(page, "protocols", "", protocol_rows);
}

command add_framings(command_page& page) {
    return add_listing(page, "framings", presets_text(), framing_rows);
}

}  // namespace framewire
