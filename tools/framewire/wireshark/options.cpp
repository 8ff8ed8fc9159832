#include "cli/options.hpp"
#include "cli/commands.hpp"
#include "cli/print.hpp"
#include "wireshark.hpp"

#include <algorithm>

namespace framewire {

void add_wireshark_options(CLI::App& page, wireshark_options& into) {
    page.add_option("--wireshark", into.framing, "print a dissector for Wireshark, in Lua")
        ->type_name("SPEC");
    page.add_option("--port", into.port, "of the server that Wireshark watches")
        ->type_name("N")
        ->check(CLI::Range(1, 65535).description(""));
}

int print_dissector(const CLI::App& page, const wireshark_options& options,
                    const std::vector<std::string>& messages) {
    if (!options.port) throw usage_error({"--wireshark needs --port N"});
    if (!options.framing) throw usage_error({"--port needs --wireshark SPEC"});
    const auto given = std::ranges::count_if(
        page.get_options(), [](const auto* option) { return option->count() != 0; });
    if (given > 2 || !messages.empty()) {
        throw usage_error({"--wireshark goes with --port and nothing else"});
    }
    const auto frames = framing::parse(*options.framing);
    if (!frames) throw usage_error({frames.error().message, "framewire framings lists them"});
    print(wireshark_dissector(*frames, *options.port));
    return status_done;
}

}  // namespace framewire
