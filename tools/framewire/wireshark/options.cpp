#include "cli/print.hpp"
#include "cli/protocols.hpp"
#include "framewire/core/units.hpp"
#include "wireshark.hpp"

#include <fmt/format.h>

namespace framewire {

void add_wireshark_options(command_page& page, wireshark_options& into) {
    page.text("--wireshark", into.framing, "SPEC",
              "print a Wireshark dissector for SPEC (see --port)");
    page.value(
            "--port", "N", "show streams with this TCP port; let --wireshark's dissector read it",
            [&into](const std::string& text) -> result<void> {
                const auto port = parse_number(text);
                if (!port || *port == 0 || *port > 65'535) {
                    return tl::unexpected(failure{fmt::format("'{}' is not a port number", text)});
                }
                into.port = static_cast<std::uint16_t>(*port);
                return {};
            })
        .seldom();
}

int print_dissector(const command_page& page, const wireshark_options& options,
                    const std::vector<std::string>& messages) {
    if (!options.port) throw usage_error({"--wireshark needs --port N"});
    if (page.given() > 2 || !messages.empty()) {
        throw usage_error({"--wireshark goes with --port and nothing else"});
    }
    const auto* named = find_protocol(*options.framing);
    const auto frames =
        framing::parse(named != nullptr ? named->framing : std::string_view(*options.framing));
    if (!frames) throw usage_error(frames.error());
    const auto script = wireshark_dissector(*frames, *options.port);
    if (!script) throw usage_error(script.error());
    print(*script);
    return status_done;
}

}  // namespace framewire
