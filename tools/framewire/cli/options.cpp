#include "options.hpp"

#include "help_text.hpp"
#include "print.hpp"

#include <fmt/format.h>
#include <memory>
#include <string>
#include <string_view>

namespace framewire {

void add_target_options(command_page& page, target_options& into, bool /*takes_messages*/) {
    into.command = page.name();
    page.words(into.words);
    page.text("-f,--framing", into.framing, "SPEC",
              "frame messages as SPEC (see 'framewire framings')");
}

void report_default_address(const target_options& given, const target& found) {
    if (!found.is_default_address || found.wording != &unnamed_protocol()) return;
    report(given.command, {fmt::format("no address given: taking {}", found.address.text())});
}

void add_verbosity(command_page& page, int& into) {
    page.count("-v,--verbose", into, "show the bytes exchanged on stderr; -vv explains them");
}

void add_connection_options(command_page& page, server_settings& into) {
    page.number("--max-connections", into.connections_max,
                "allow N connections; above that, close the one that was silent longest, or the "
                "new one",
                1)
        .seldom()
        .reloadable();
    page.number("--max-per-address", into.connections_per_address_max,
                "allow N connections from one address; 0: a tenth of --max-connections (default)")
        .shown_default("")
        .seldom()
        .reloadable();
}

void add_limit_options(command_page& page, limits& into) {
    const auto text = std::make_shared<std::string>(
        "Limits for each peer, and the reasons for their defaults:\n");
    const auto add = [&](option limit, std::string_view why) {
        const auto meaning = fmt::format("{}. {}", limit.meaning(), why);
        constexpr std::size_t column = 32;
        *text += fmt::format("  {:<30}{}\n", limit.heading(), wrapped(meaning, column));
        limit.seldom().reloadable();
    };
    page.group("Limits for each peer");
    add(page.size("--max-payload", into.assembled_bytes_max,
                  "refuse payloads above SIZE if they are held whole", 1),
        "Far above what most protocols send.");
    add(page.duration("--header-deadline", into.header_deadline,
                      "close if a header is incomplete TIME after its first byte"),
        "A header arrives in one segment.");
    add(page.duration("--body-deadline", into.body_deadline,
                      "check --body-rate over periods of TIME"),
        "Longer than a short outage.");
    add(page.size("--body-rate", into.body_rate_min,
                  "close if fewer than SIZE bytes a second of a payload arrive"),
        "Slower than any usable link.");
    add(page.duration("--idle-deadline", into.idle_deadline,
                      "close after TIME without a frame; 0: never"),
        "Idle peers cost almost nothing.");
    add(page.duration("--write-deadline", into.write_deadline,
                      "check --write-rate over periods of TIME"),
        "Longer than a short outage.");
    add(page.size("--write-rate", into.write_rate_min,
                  "close if the peer reads fewer than SIZE bytes a second"),
        "The same as --body-rate.");
    add(page.size("--max-queued", into.queued_bytes_max,
                  "stop reading while SIZE of replies are unsent", 1),
        "4000 peers that do not read cost 1 GiB.");
    add(page.size("--max-pushed", into.pushed_bytes_max,
                  "let at most SIZE of pushed messages wait", 1),
        "The same as for replies.");
    add(page.number("--max-deferred", into.deferred_max, "stop reading while N replies are due",
                    1),
        "Keeps a thread pool busy.");
    add(page.duration("--service-deadline", into.service_deadline,
                      "close if a deferred reply takes longer than TIME"),
        "Few callers wait longer.");
    add(page.number("--tiny-frames", into.tiny_frames_per_second_max,
                    "close above N payloads of 0 or 1 byte a second; 0: no limit"),
        "Far above normal use.");
    page.prints(
            "--help-limits", [text] { return *text; }, "show the limits and the reasons for them")
        .seldom();
}

}  // namespace framewire
