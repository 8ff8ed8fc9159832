#include "access_options.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

command_page::reader range_reader(std::vector<address_range>& into) {
    return [&into](const std::string& text) {
        return address_range::parse(text).map(
            [&](const address_range& one) { into.push_back(one); });
    };
}

}  // namespace

void access_options::apply(server_settings& to) const {
    to.access = access;
    if (requires_proxy && proxy.trusted.empty()) {
        throw usage_error({"--proxy-protocol: which proxies are trusted?",
                           "--trust ADDRESS or RANGE, for instance --trust 10.0.0.0/8"});
    }
    if (!requires_proxy && !proxy.trusted.empty()) {
        throw usage_error({"--trust: no PROXY header is read", "add --proxy-protocol required"});
    }
    if (requires_proxy) to.proxy = proxy;
}

void add_access_options(command_page& page, access_options& into) {
    page.group("Who may connect");
    page.values("--allow", "RANGE",
                "let only addresses in RANGE connect: 10.0.0.0/8, ::1, unix; may be repeated",
                range_reader(into.access.allowed))
        .seldom()
        .reloadable();
    page.values("--deny", "RANGE", "refuse addresses in RANGE, also if they are allowed",
                range_reader(into.access.denied))
        .seldom()
        .reloadable();
    page.value(
            "--proxy-protocol", "required",
            "take each peer's address from the PROXY header that its proxy sends first",
            [&into](const std::string& text) -> result<void> {
                into.requires_proxy = text == "required";
                if (into.requires_proxy) return {};
                return tl::unexpected(failure{fmt::format("'{}' is not 'required'", text),
                                              "whether there is a PROXY header is never guessed"});
            })
        .seldom();
    page.values("--trust", "RANGE", "accept PROXY headers from proxies in RANGE, and no others",
                range_reader(into.proxy.trusted))
        .seldom();
    page.duration("--proxy-deadline", into.proxy.header_deadline,
                  "close if the PROXY header is incomplete after TIME; 0: never")
        .seldom();
}

void add_rate_options(command_page& page, server_settings& into) {
    const auto add = [](option one) { one.shown_default("").seldom().reloadable(); };
    add(page.number("--accepts-per-second", into.accepts_per_second_max,
                    "accept N connections a second; others wait"));
    add(page.number("--messages-per-second", into.messages_per_second_max,
                    "read N messages a second from each address"));
    add(page.size("--bytes-per-second", into.bytes_per_second_max,
                  "read SIZE a second from each address"));
}

}  // namespace framewire
