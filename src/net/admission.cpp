// Which connections a loop takes, and which make room for them.

#include "connection.hpp"
#include "event_loop.hpp"

#include <chrono>

namespace framewire {
namespace {

// One that has just spoken may be about to speak again.
constexpr std::chrono::seconds silence_min{1};
// Of those that have been silent longest, for one of the same address: bounds what a crowd costs.
constexpr int silent_checked_max = 1024;

}  // namespace

// Behind a proxy the host is not known yet, and counted later.
tl::expected<address_key, refusal> event_loop::admit(connection_plan& plan,
                                                     const socket_address& from) noexcept {
    address_key host;
    try {
        if (plan.admission && plan.admission->restricts()) {
            if (const auto why = plan.admission->refusal_of(endpoint_of(from)))
                return tl::unexpected(refusal{*why});
        }
        if (!plan.admission || !plan.admission->proxy) host = host_of(from);
    } catch (...) {
        return tl::unexpected(refusal{errc::limit_memory});
    }
    if (const auto why = count_host(plan, host)) return tl::unexpected(refusal{*why});
    const auto takes_place = [&plan] {
        if (plan.open.fetch_add(1) < plan.connections_max) return true;
        plan.open.fetch_sub(1);
        return false;
    };
    if (takes_place() || (evict_silent(plan, nullptr) && takes_place())) return host;
    plan.addresses.remove(host);
    return tl::unexpected(refusal{errc::limit_connections});
}

// Nothing if one more connection of that host may be open: it is counted then.
std::optional<errc> event_loop::count_host(connection_plan& plan,
                                           const address_key& host) noexcept {
    try {
        if (plan.addresses.add(host)) return std::nullopt;
        if (evict_silent(plan, &host) && plan.addresses.add(host)) return std::nullopt;
        return errc::limit_address;
    } catch (...) {
        return errc::limit_memory;
    }
}

// False if none has been silent for long enough, or none of that host. One that owes something, or
// is inside a frame, has deadlines of its own, and counts as active.
bool event_loop::evict_silent(const connection_plan& plan, const address_key* host) noexcept {
    const auto since = std::chrono::steady_clock::now() - silence_min;
    auto at = connections_.begin();
    for (int i = 0; i < silent_checked_max && at != connections_.end(); ++i) {
        auto& one = *at++;
        if (one.active() > since) return false;
        if (&one.plan() != &plan || (host != nullptr && one.host() != *host)) continue;
        if (one.is_at_rest()) {
            one.evict();
            return true;
        }
        one.note_active();
    }
    return false;
}

}  // namespace framewire
