#include "framewire/io/address.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <charconv>

namespace framewire {
namespace {

constexpr std::string_view local_prefix = "unix:";
constexpr std::string_view mode_option = ",mode=";
constexpr std::uint64_t port_max = 65'535;

std::optional<std::uint16_t> parse_mode(std::string_view text) {
    constexpr std::size_t digits = 3;
    constexpr std::uint64_t most = 0777;
    std::uint64_t mode = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || text.size() != digits || mode > most) return std::nullopt;
    return static_cast<std::uint16_t>(mode);
}

}  // namespace

result<address> address::parse(std::string_view text) {
    const auto refuse = [&](std::string_view why) {
        return tl::unexpected(failure{fmt::format("address '{}': {}", text, why),
                                      "HOST:PORT, [::1]:PORT, :PORT, *:PORT or unix:/path"});
    };
    if (text.starts_with(local_prefix)) {
        auto path = text.substr(local_prefix.size());
        std::optional<std::uint16_t> mode;
        if (const auto at = path.rfind(mode_option); at != std::string_view::npos) {
            mode = parse_mode(path.substr(at + mode_option.size()));
            if (!mode) return refuse("the mode is three octal digits, as 660");
            path = path.substr(0, at);
        }
        if (path.empty()) return refuse("a path is missing");
        return address{.host = {}, .port = 0, .path = std::string(path), .mode = mode};
    }
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return refuse("a port is missing");
    const auto port = parse_number(text.substr(colon + 1));
    if (!port || *port > port_max) return refuse("the port must be a number from 0 to 65535");
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
        if (host.find_first_of("[]") != std::string_view::npos) return refuse("too many brackets");
        if (host.empty()) return refuse("the brackets are empty");
    } else if (host.find_first_of(":[]") != std::string_view::npos) {
        return refuse("an IPv6 address needs brackets");
    }
    return address{std::string(host), static_cast<std::uint16_t>(*port), {}};
}

bool address::has_form(std::string_view text) noexcept {
    if (text.starts_with(local_prefix)) return true;
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return false;
    const auto port = text.substr(colon + 1);
    return !port.empty() && text.find_first_of(" \t\n") == std::string_view::npos;
}

std::string address::text() const {
    if (is_local()) {
        auto text = endpoint{.host = path, .kind = endpoint::family::local}.text();
        if (mode) text += fmt::format("{}{:03o}", mode_option, *mode);
        return text;
    }
    return endpoint{.host = host, .port = port}.text();
}

}  // namespace framewire
