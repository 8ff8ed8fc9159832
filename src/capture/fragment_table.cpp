#include "fragment_table.hpp"

#include <algorithm>

namespace framewire {
namespace {

constexpr std::size_t datagrams_max = 1024;
constexpr std::size_t kept_bytes_max = std::size_t{8} * 1024 * 1024;
// A node of the map and what the allocator adds.
constexpr std::size_t node_bytes = 128;
// RFC 8200 has a datagram given up after a minute; identifications are used again soon after.
constexpr std::chrono::seconds age_max{60};

}  // namespace

std::optional<bytes> fragment_table::take(const datagram& part, time_point when) {
    while (!by_age_.empty() &&
           when - incomplete_.find(by_age_.begin()->second)->second.since > age_max) {
        drop_oldest();
    }
    const key which{part.source, part.destination, part.protocol, part.fragment->identification};
    const auto found = find_or_add(which, when);
    if (part.protocol == protocol_tcp) {
        ++left_out_;  // unless it is joined
        ++found->second.fragments;
    }
    add(found->second, part);
    if (auto whole = join(found->second)) {
        left_out_ -= found->second.fragments;
        erase(found);
        whole_ = *std::move(whole);
        return whole_;
    }
    while (incomplete_.size() > datagrams_max || kept_bytes_ > kept_bytes_max) drop_oldest();
    return std::nullopt;
}

fragment_table::entry fragment_table::find_or_add(const key& which, time_point when) {
    const auto [found, is_new] = incomplete_.try_emplace(which);
    if (is_new) {
        found->second.since = when;
        found->second.number = next_number_++;
        by_age_.emplace(found->second.number, which);
    }
    return found;
}

// Bytes that come twice keep their first value.
void fragment_table::add(incomplete& to, const datagram& part) {
    auto at = part.fragment->offset;
    auto payload = part.rest.captured;
    if (part.fragment->is_last && !to.size) {
        to.size = at + static_cast<std::uint32_t>(payload.size());
    }
    while (!payload.empty()) {
        const auto next = to.parts.upper_bound(at);
        if (next != to.parts.begin()) {
            const auto& [begin, known] = *std::prev(next);
            const auto known_until = begin + static_cast<std::uint32_t>(known.size());
            if (known_until > at) {
                const auto known_here = std::min<std::size_t>(known_until - at, payload.size());
                payload.remove_prefix(known_here);
                at = known_until;
                continue;
            }
        }
        const auto room = next == to.parts.end() ? payload.size() : next->first - at;
        const auto piece = payload.substr(0, room);
        to.parts.emplace_hint(next, at, piece);
        const auto cost = piece.size() + node_bytes;
        to.kept_bytes += cost;
        kept_bytes_ += cost;
        payload.remove_prefix(piece.size());
        at += static_cast<std::uint32_t>(piece.size());
    }
}

std::optional<std::string> fragment_table::join(const incomplete& from) {
    if (!from.size) return std::nullopt;
    std::uint64_t at = 0;
    for (const auto& [begin, piece] : from.parts) {
        if (begin != at) break;
        at += piece.size();
    }
    if (at < *from.size) return std::nullopt;
    std::string whole;
    for (const auto& [begin, piece] : from.parts) {
        if (begin != whole.size()) break;
        whole += piece;
    }
    whole.resize(*from.size);
    return whole;
}

void fragment_table::drop_oldest() { erase(incomplete_.find(by_age_.begin()->second)); }

void fragment_table::erase(entry which) {
    kept_bytes_ -= which->second.kept_bytes;
    by_age_.erase(which->second.number);
    incomplete_.erase(which);
}

}  // namespace framewire
