#include "framewire/io/address.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <charconv>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view local_prefix = "unix:";
constexpr std::string_view mode_option = "mode=";
constexpr std::string_view owner_option = "owner=";
constexpr std::string_view group_option = "group=";
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

struct local_options {
    address found;
    std::string_view wrong;  // why an option is
};

// Takes options from the end. What is none, or is one for the second time, belongs to the path.
local_options parse_local(std::string_view text) {
    local_options all{};
    auto& found = all.found;
    for (auto at = text.rfind(','); at != std::string_view::npos; at = text.rfind(',')) {
        const auto option = text.substr(at + 1);
        if (option.starts_with(mode_option) && !found.mode) {
            found.mode = parse_mode(option.substr(mode_option.size()));
            if (!found.mode) all.wrong = "the mode is three octal digits, as 660";
        } else if (option.starts_with(owner_option) && found.owner.empty()) {
            found.owner = option.substr(owner_option.size());
            if (found.owner.empty()) all.wrong = "the owner has no name";
        } else if (option.starts_with(group_option) && found.group.empty()) {
            found.group = option.substr(group_option.size());
            if (found.group.empty()) all.wrong = "the group has no name";
        } else {
            break;
        }
        if (!all.wrong.empty()) return all;
        text = text.substr(0, at);
    }
    found.path = text;
    if (text.empty()) all.wrong = "a path is missing";
    if (text == "@") all.wrong = "a name is missing";
    if (found.is_abstract() && found.has_file_options())
        all.wrong = "an abstract name has no file";
    return all;
}

}  // namespace

result<address> address::parse(std::string_view text) {
    const auto refuse = [&](std::string_view why) {
        return tl::unexpected(failure{fmt::format("address '{}': {}", text, why),
                                      "HOST:PORT, [::1]:PORT, :PORT, *:PORT or unix:/path"});
    };
    if (text.starts_with(local_prefix)) {
        auto local = parse_local(text.substr(local_prefix.size()));
        if (!local.wrong.empty()) return refuse(local.wrong);
        return std::move(local.found);
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
        if (mode) text += fmt::format(",{}{:03o}", mode_option, *mode);
        if (!owner.empty()) text += fmt::format(",{}{}", owner_option, owner);
        if (!group.empty()) text += fmt::format(",{}{}", group_option, group);
        return text;
    }
    return endpoint{.host = host, .port = port}.text();
}

}  // namespace framewire
