#include "address_table.hpp"

#include "core/numeric_host.hpp"

#include <netinet/in.h>
#include <bit>
#include <cstring>

namespace framewire {

address_key host_of(const socket_address& at) noexcept {
    address_key host;
    if (at.size >= sizeof(sockaddr_in) && at.family() == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &at.storage, sizeof in);
        host = {in.sin_addr.s_addr, AF_INET};
    } else if (at.size >= sizeof(sockaddr_in6) && at.family() == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &at.storage, sizeof in);
        if (IN6_IS_ADDR_V4MAPPED(&in.sin6_addr)) {
            std::uint32_t mapped = 0;
            std::memcpy(&mapped, &in.sin6_addr.s6_addr[12], sizeof mapped);
            return {mapped, AF_INET};
        }
        std::memcpy(&host.bits, &in.sin6_addr, sizeof host.bits);
        host.family = AF_INET6;
    }
    return host;
}

address_key host_of(const endpoint& at) noexcept {
    const auto parsed = numeric_host::parse(at.host);
    if (at.kind == endpoint::family::local || !parsed) return {};
    const auto numbers = parsed->unmapped();
    address_key host{0, AF_INET6};
    if (numbers.kind == endpoint::family::ipv4) {
        std::uint32_t short_bits = 0;
        std::memcpy(&short_bits, numbers.address.data(), sizeof short_bits);
        return {short_bits, AF_INET};
    }
    std::memcpy(&host.bits, numbers.address.data(), sizeof host.bits);
    return host;
}

bool address_table::add(const address_key& host) {
    if (host.family == 0) return true;
    const std::lock_guard lock(mutex_);
    auto& count = counts_[host];
    if (count >= each_max_) return false;
    ++count;
    return true;
}

void address_table::remove(const address_key& host) noexcept {
    if (host.family == 0) return;
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(host);
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
}

// Addresses are chosen by others: their low bits alone would let many share a bucket.
std::size_t address_key::hash::operator()(const address_key& host) const noexcept {
    auto mixed = (host.bits ^ host.family) * 0x9E3779B97F4A7C15U;
    mixed ^= std::rotr(mixed, 32);
    return mixed * 0xD6E8FEB86659FD93U >> 16U;
}

}  // namespace framewire
