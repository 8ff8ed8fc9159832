#include "numeric_host.hpp"

#include <arpa/inet.h>
#include <algorithm>

namespace framewire {

std::optional<numeric_host> numeric_host::parse(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> host{};
    if (text.size() >= host.size() || text.find('\0') != std::string_view::npos) return {};
    text.copy(host.data(), text.size());
    numeric_host found;
    if (::inet_pton(AF_INET, host.data(), found.address.data()) == 1) return found;
    found.kind = endpoint::family::ipv6;
    if (::inet_pton(AF_INET6, host.data(), found.address.data()) == 1) return found;
    return {};
}

namespace {
constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
}  // namespace

bool numeric_host::is_mapped() const noexcept {
    return kind == endpoint::family::ipv6 &&
           std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.begin());
}

numeric_host numeric_host::unmapped() const noexcept {
    if (!is_mapped()) return *this;
    numeric_host made;
    std::copy_n(address.end() - ipv4_size, ipv4_size, made.address.begin());
    return made;
}

numeric_host numeric_host::mapped() const noexcept {
    if (kind == endpoint::family::ipv6) return *this;
    numeric_host made{endpoint::family::ipv6, {}};
    auto* const rest = std::ranges::copy(mapped_prefix, made.address.begin()).out;
    std::copy_n(address.begin(), ipv4_size, rest);
    return made;
}

std::string numeric_host::text() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = kind == endpoint::family::ipv4 ? AF_INET : AF_INET6;
    ::inet_ntop(family, address.data(), text.data(), text.size());
    return text.data();
}

}  // namespace framewire
