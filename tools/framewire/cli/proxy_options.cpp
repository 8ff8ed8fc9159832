#include "proxy_options.hpp"

#include "framewire/io/address.hpp"
#include "framewire/io/address_range.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

result<void> read_version(const std::string& text, proxy_options& into) {
    using version = proxy_announcement::version;
    if (text == "v1") {
        into.version = version::v1;
    } else if (text == "v2") {
        into.version = version::v2;
    } else {
        return tl::unexpected(failure{fmt::format("'{}' is no version of PROXY headers", text),
                                      "v1 (a line of text) or v2"});
    }
    return {};
}

// A header has numbers only.
result<void> read_source(const std::string& text, proxy_options& into) {
    const auto where = address::parse(text);
    if (!where) return tl::unexpected(where.error());
    const bool is_one = where->host.find('/') == std::string::npos &&
                        address_range::parse(where->host).has_value();
    if (where->is_local() || !is_one) {
        return tl::unexpected(failure{fmt::format("'{}' is no numeric address", text),
                                      "192.0.2.7:51000 or [2001:db8::7]:51000"});
    }
    const bool is_ipv6 = where->host.find(':') != std::string::npos;
    into.source = {where->host, where->port,
                   is_ipv6 ? endpoint::family::ipv6 : endpoint::family::ipv4};
    return {};
}

}  // namespace

std::optional<proxy_announcement> proxy_options::announcement() const {
    if (source && !version) {
        throw usage_error({"--proxy-source: no PROXY header is sent", "add --send-proxy v2"});
    }
    if (!version) return std::nullopt;
    return proxy_announcement{*version, source};
}

void add_proxy_options(command_page& page, proxy_options& into) {
    page.group("PROXY header");
    page.value("--send-proxy", "VERSION", "send a PROXY header first, as a proxy would: v1 or v2",
               [&into](const std::string& text) { return read_version(text, into); })
        .seldom();
    page.value("--proxy-source", "ADDRESS",
               "announce ADDRESS instead of our own in that header: 192.0.2.7:51000",
               [&into](const std::string& text) { return read_source(text, into); })
        .seldom();
}

}  // namespace framewire
