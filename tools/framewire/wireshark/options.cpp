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
    page.text("--payload", into.payload, "NAME",
              "let the dissector of --wireshark pass payloads to another: hl7, json, xml")
        .seldom();
}

namespace {

// As Wireshark has them: `xml`, `mbim.cdc`, `http2`, `btatt`.
bool is_dissector_name(std::string_view name) {
    constexpr std::string_view characters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    return !name.empty() && name.find_first_not_of(characters) == std::string_view::npos;
}

}  // namespace

int print_dissector(const command_page& page, const wireshark_options& options,
                    const std::vector<std::string>& messages) {
    if (!options.framing) throw usage_error({"--payload needs --wireshark SPEC"});
    if (!options.port) throw usage_error({"--wireshark needs --port N"});
    const auto payload = options.payload.value_or("");
    if (page.given() > (options.payload ? 3 : 2) || !messages.empty()) {
        throw usage_error({"--wireshark goes with --port, --payload and nothing else"});
    }
    if (options.payload && !is_dissector_name(payload)) {
        throw usage_error({fmt::format("'{}' is not the name of a dissector", payload),
                           "'tshark -G protocols' lists them: hl7, json, xml"});
    }
    const auto* named = find_protocol(*options.framing);
    const auto frames =
        framing::parse(named != nullptr ? named->framing : std::string_view(*options.framing));
    if (!frames) throw usage_error(frames.error());
    const auto script = wireshark_dissector(*frames, *options.port, payload);
    if (!script) throw usage_error(script.error());
    print(*script);
    return status_done;
}

}  // namespace framewire
