#include "listing.hpp"

#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/protocols.hpp"
#include "framings.hpp"
#include "rows.hpp"

#include <fmt/format.h>
#include <memory>

namespace framewire {
namespace {

std::vector<row> protocol_rows(const std::vector<std::string>& wanted) {
    std::vector<row> rows;
    std::vector<std::string_view> known;
    for (const auto& protocol : protocol_table()) {
        known.push_back(protocol.name);
        rows.push_back({std::string(protocol.name),
                        {{"name", std::string(protocol.name)},
                         {"framing", std::string(protocol.framing)},
                         {"service", std::string(protocol.service)},
                         {"address", std::string(protocol.address)},
                         {"ends", std::string(protocol.ends)},
                         {"bytes", example_bytes(protocol.framing, protocol.example)}}});
    }
    if (wanted.empty()) return rows;
    std::vector<row> found;
    for (const auto& name : wanted) {
        const auto* const one = find_row(rows, name);
        if (one == nullptr) refuse_name(name, "protocol", known);
        found.push_back(*one);
    }
    return found;
}

struct listing {
    const char* usage;
    const char* examples;
    std::vector<row> (*rows)(const std::vector<std::string>& wanted);
    /// What is printed if not as JSON.
    std::string (*text)(const std::vector<std::string>& wanted);
};

command add_listing(command_page& page, const listing& what) {
    struct options {
        bool json = false;
        std::vector<std::string> wanted;
    };
    const auto given = std::make_shared<options>();
    page.flag("--json", given->json, "print the list as JSON");
    page.words(given->wanted);
    page.describe(what.usage, what.examples);
    return [given, what](const std::vector<std::string>& /*messages*/) {
        print(given->json ? to_json(what.rows(given->wanted)) : what.text(given->wanted));
        return status_done;
    };
}

}  // namespace

command add_protocols(command_page& page) {
    return add_listing(page, {"protocols [NAME...] [--json]",
                              "  framewire protocols\n  framewire protocols --json", protocol_rows,
                              [](const std::vector<std::string>& wanted) {
                                  return to_text(protocol_rows(wanted));
                              }});
}

command add_framings(command_page& page) {
    return add_listing(page, {"framings [NAME...] [--json]",
                              "  framewire framings\n"
                              "  framewire framings databases\n"
                              "  framewire framings modbus\n"
                              "  framewire framings all --json",
                              framing_rows, framings_text});
}

}  // namespace framewire
