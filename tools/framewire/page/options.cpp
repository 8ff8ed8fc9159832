#include "options.hpp"

#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/protocols.hpp"
#include "file.hpp"
#include "form.hpp"
#include "framewire/core/units.hpp"
#include "server.hpp"
#include "walk_json.hpp"
#include "walk_page.hpp"

#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace framewire {
namespace {

std::uint16_t parse_port(const std::string& text) {
    const auto port = parse_number(text);
    if (port && *port <= std::numeric_limits<std::uint16_t>::max()) {
        return static_cast<std::uint16_t>(*port);
    }
    throw CLI::ValidationError(
        "--serve", fmt::format("'{}' is no port; messages stand in front of it", text));
}

int report_failure(const failure& why) {
    report("trace", why);
    return status_failed;
}

}  // namespace

void add_page_options(CLI::App& app, page_options& into) {
    app.add_option("--html", into.html, "write a page that plays the steps")->type_name("PATH");
    app.add_option_function<std::vector<std::string>>(
           "--serve",
           [&into](const std::vector<std::string>& words) {
               const bool given = !words.empty() && !words.front().empty();
               into.port = given ? parse_port(words.front()) : std::uint16_t{0};
           },
           "serve that page, to try other messages on 127.0.0.1")
        ->expected(0, 1)
        ->type_name("[PORT]");
}

int run_page(const page_options& options, const transcript& conversation, const chunking& cuts) {
    if (!options.html.empty() && options.port) {
        throw usage_error({"either --html or --serve"});
    }
    nlohmann::ordered_json data;
    data["walk"] = walk_json(conversation, cuts);
    if (!options.html.empty()) {
        const auto written = write_page(options.html, walk_page(data));
        return written ? status_done : report_failure(written.error());
    }
    const auto* named = options.words.empty() ? nullptr : find_protocol(options.words.front());
    data["form"] = first_form(conversation, cuts, named);
    const auto served = serve_page(*options.port, walk_page(data));
    return served ? status_done : report_failure(served.error());
}

}  // namespace framewire
