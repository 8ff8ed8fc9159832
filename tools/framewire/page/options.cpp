#include "options.hpp"

#include "cli/file.hpp"
#include "cli/print.hpp"
#include "cli/protocols.hpp"
#include "form.hpp"
#include "framewire/core/units.hpp"
#include "server.hpp"
#include "walk_json.hpp"
#include "walk_page.hpp"

#include <fmt/format.h>
#include <limits>

namespace framewire {
namespace {

result<std::uint16_t> parse_port(const std::string& text) {
    const auto port = parse_number(text);
    if (port && *port <= std::numeric_limits<std::uint16_t>::max()) {
        return static_cast<std::uint16_t>(*port);
    }
    return tl::unexpected(
        failure{fmt::format("'{}' is not a port number; put messages before --serve", text)});
}

int report_failure(const failure& why) {
    report("trace", why);
    return status_failed;
}

}  // namespace

void add_page_options(command_page& page, page_options& into) {
    page.text("--html", into.html, "PATH", "write a page that plays the steps to PATH");
    page.optional_value("--serve", "[PORT]", "serve that page on 127.0.0.1, to try other messages",
                        [&into](const std::string& text) -> result<void> {
                            into.port = 0;
                            if (text.empty()) return {};
                            const auto port = parse_port(text);
                            if (!port) return tl::unexpected(port.error());
                            into.port = *port;
                            return {};
                        });
}

int run_page(const page_options& options, const transcript& conversation, const chunking& cuts) {
    if (!options.html.empty() && options.port) {
        throw usage_error({"use either --html or --serve, not both"});
    }
    const auto tls = server_tls(options.tls);
    json_value data;
    data["captured"] = options.captured;
    data["client"] = options.client;
    data["server"] = options.server;
    data["walk"] = walk_json(conversation, cuts);
    if (!options.html.empty()) {
        const auto written = write_file(options.html, walk_page(data));
        return written ? status_done : report_failure(written.error());
    }
    const auto* named = options.words.empty() ? nullptr : find_protocol(options.words.front());
    data["form"] = first_form(conversation, cuts, named);
    const auto served = serve_page(*options.port, tls, walk_page(data));
    return served ? status_done : report_failure(served.error());
}

}  // namespace framewire
