#include "options.hpp"

#include "cli/options.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <charconv>
#include <string_view>

namespace framewire {
namespace {

// `2x`, `0.5x`, `10` or `max`.
result<double> parse_speed(std::string_view text) {
    if (text == "max") return 0;
    auto number = text;
    if (number.ends_with('x')) number.remove_suffix(1);
    double speed = 0;
    const auto* const end = number.data() + number.size();
    const auto [stop, error] =
        std::from_chars(number.data(), end, speed, std::chars_format::fixed);
    constexpr double slowest = 1e-3;
    constexpr double fastest = 1e6;
    const bool is_sane = speed >= slowest && speed <= fastest;  // `nan` is neither
    if (error != std::errc{} || stop != end || !is_sane) {
        return tl::unexpected(
            failure{fmt::format("'{}' is not a speed such as 2x, 0.5x or max", text)});
    }
    return speed;
}

}  // namespace

void add_replay_options(command_page& page, replay_options& into) {
    add_target_options(page, into.target, false);
    add_stream_option(page, into.streams, into.names_streams,
                      "play TCP streams of a capture: 3, 1,4 or all");
    page.value(
            "--as", "END", "play this end: client, or server: a mock",
            [&into](const std::string& text) -> result<void> {
                if (text != "client" && text != "server") {
                    return tl::unexpected(failure{fmt::format("'{}'", text), "client or server"});
                }
                into.played = text == "server" ? played_end::server : played_end::client;
                return {};
            })
        .shown_default("client");
    page.flag("--swap", into.swaps, "take the client for the server, and the reverse").seldom();
    page.group("Times and load");
    page.value("--speed", "SPEED", "play it faster: 2x; or 0.5x, or max: without pauses",
               [&into](const std::string& text) {
                   return parse_speed(text).map([&](double speed) { into.speed = speed; });
               })
        .shown_default("1x");
    page.number("--connections", into.connections,
                "play it N times at once; of a server: for N clients", 1)
        .shown_default("");
    page.optional_value("--loop", "[N]", "play it N times in a row, or until it is interrupted",
                        [&into](const std::string& text) -> result<void> {
                            into.loops = 0;
                            if (text.empty()) return {};
                            const auto count = parse_number(text);
                            if (!count) return tl::unexpected(count.error());
                            if (*count == 0) return tl::unexpected(failure{"at least 1"});
                            into.loops = *count;
                            return {};
                        });
    page.duration("--timeout", into.timeout, "give up after TIME without a reply");
    page.group("Comparison");
    page.values("--ignore", "PATTERN", "leave out what matches, such as '[0-9:]+'",
                [&into](const std::string& text) { return into.ignored.add(text); });
    page.flag("--json", into.events.json, "print the first difference and the result as JSON");
    add_tls_options(page, into.tls, tls_end::either);
}

}  // namespace framewire
