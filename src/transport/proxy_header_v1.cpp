#include "framewire/core/quote.hpp"
#include "proxy_header_versions.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <optional>

namespace framewire::proxy_v1 {
namespace {

constexpr bytes line_end = "\r\n";

// What is left of the line, field by field: exactly one space is between two of them.
class fields {
public:
    fields(bytes line, std::size_t at) noexcept : line_(line), at_(at) {}

    [[nodiscard]] std::size_t offset() const noexcept { return began_; }
    [[nodiscard]] bool at_end() const noexcept { return at_ > line_.size(); }
    bytes next() noexcept {
        began_ = std::min(at_, line_.size());
        const auto end = std::min(line_.find(' ', began_), line_.size());
        at_ = end + 1;
        return line_.substr(began_, end - began_);
    }

private:
    bytes line_;
    std::size_t at_;
    std::size_t began_ = 0;
};

// Digits without a sign, and without a leading zero.
std::optional<std::uint16_t> parse_port(bytes text) noexcept {
    if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    if (!std::ranges::all_of(text, [](char one) { return one >= '0' && one <= '9'; })) return {};
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return port;
}

wire_result<endpoint> parse_host(fields& from, endpoint::family kind) {
    const auto text = from.next();
    const auto host = numeric_host::parse(text);
    if (!host || host->kind != kind) {
        return malformed(from.offset(),
                         fmt::format("{} is no address of this family", quote(text)));
    }
    const auto found = host->unmapped();
    return endpoint{found.text(), 0, found.kind};
}

wire_result<std::uint16_t> parse_port(fields& from) {
    const auto text = from.next();
    const auto port = parse_port(text);
    if (!port) return malformed(from.offset(), fmt::format("{} is no port", quote(text)));
    return *port;
}

}  // namespace

wire_result<proxy_header> parse(bytes header) {
    fields rest(header.substr(0, header.size() - line_end.size()), signature.size());
    const auto family = rest.next();
    if (family == "UNKNOWN") return proxy_header();
    if (family != "TCP4" && family != "TCP6") {
        return malformed(rest.offset(),
                         fmt::format("{} is not TCP4, TCP6 or UNKNOWN", quote(family)));
    }
    const auto kind = family == "TCP4" ? endpoint::family::ipv4 : endpoint::family::ipv6;
    auto source = parse_host(rest, kind);
    if (!source) return tl::unexpected(source.error());
    auto destination = parse_host(rest, kind);
    if (!destination) return tl::unexpected(destination.error());
    const auto source_port = parse_port(rest);
    if (!source_port) return tl::unexpected(source_port.error());
    const auto destination_port = parse_port(rest);
    if (!destination_port) return tl::unexpected(destination_port.error());
    if (!rest.at_end()) {
        const auto more = rest.next();
        return malformed(rest.offset(), fmt::format("{} after the last port", quote(more)));
    }
    source->port = *source_port;
    destination->port = *destination_port;
    return proxy_header{std::move(*source), std::move(*destination)};
}

std::string text(const proxy_header& of) {
    if (!of.source || !of.destination) return "PROXY UNKNOWN\r\n";
    const auto hosts = hosts_of(of);
    return fmt::format(
        "PROXY {} {} {} {} {}\r\n", hosts.source.kind == endpoint::family::ipv4 ? "TCP4" : "TCP6",
        hosts.source.text(), hosts.destination.text(), of.source->port, of.destination->port);
}

}  // namespace framewire::proxy_v1
