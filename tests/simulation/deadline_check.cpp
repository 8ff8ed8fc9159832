#include "deadline_check.hpp"

#include <algorithm>
#include <chrono>

namespace framewire::tests {
namespace {

constexpr std::chrono::milliseconds tick(50);
constexpr std::chrono::milliseconds longest_deferred(300);

// The last that was moved by then; null if there is none.
const link::moved* latest(const std::vector<link::moved>& all, nanoseconds when) {
    const auto next = std::ranges::upper_bound(all, when, {}, &link::moved::when);
    return next == all.begin() ? nullptr : &*std::prev(next);
}

std::uint64_t bytes_until(const std::vector<link::moved>& all, nanoseconds when) {
    const auto* const last = latest(all, when);
    return last == nullptr ? 0 : last->bytes;
}

}  // namespace

nanoseconds deadline_check::slack() const { return tick + 2 * world_.threads.lateness() + tick; }

nanoseconds deadline_check::last_moved() const {
    auto last = kept().accepted;
    for (const auto* const all : {&kept().received, &kept().sent}) {
        if (const auto* const one = latest(*all, known_.when)) last = std::max(last, one->when);
    }
    return last;
}

// What comes after the connection is over does not count.
std::uint64_t deadline_check::received() const {
    return bytes_until(kept().received, known_.when);
}

// When the first byte of the frame came that is not whole; -1 if there is none.
nanoseconds deadline_check::frame_began() const {
    const auto total = received();
    const auto* const frame = peer_.says().frame_at(static_cast<std::size_t>(total));
    if (frame == nullptr || frame->begins == total) return nanoseconds(-1);
    return std::ranges::upper_bound(kept().received, frame->begins, {}, &link::moved::bytes)->when;
}

std::string_view deadline_check::wrong() const {
    return known_.error ? fired(*known_.error) : did_not_fire();
}

// Never for a peer that moved.
std::string_view deadline_check::fired(errc which) const {
    const auto& bounds = settings_.limits;
    const auto at = known_.when + world_.longest_turn();
    const auto since = [&](std::chrono::milliseconds period) { return at - period; };
    switch (which) {
        case errc::io_timeout_header:
            if (frame_began() < nanoseconds(0)) return "a header was late that had not begun";
            return at < frame_began() + bounds.header_deadline ? "a header was given less time"
                                                               : "";
        case errc::io_timeout_body: {
            if (at < frame_began() + bounds.body_deadline) return "a payload was given less time";
            const auto least = bounds.body_rate_min *
                               static_cast<std::uint64_t>(bounds.body_deadline.count()) / 1000;
            const auto came =
                received() - bytes_until(kept().received, since(bounds.body_deadline));
            return came >= least ? "a payload was late that came" : "";
        }
        case errc::io_timeout_idle:
            return at < last_moved() + bounds.idle_deadline ? "silence was given less time" : "";
        case errc::io_timeout_write:
            return at < kept().accepted + bounds.write_deadline ? "replies were given less time"
                                                                : "";
        default: return peer_.habits().honest ? refusal(which) : "";
    }
}

// What an honest peer may be told: that others needed its place, or that it left too early.
std::string_view deadline_check::refusal(errc which) const {
    const bool left = peer_.how() == simulated_peer::outcome::left;
    switch (which) {
        case errc::limit_connections:
        case errc::limit_address:
        case errc::limit_evicted:
        case errc::limit_memory:
        case errc::limit_drain:
        case errc::limit_pushed: return "";
        case errc::io_reset: return left ? "" : "a reset that the peer did not send";
        default: return "an error that the peer did not make";
    }
}

// Not too late either. Whatever may have begun it anew, a deferred reply for instance, was before.
std::string_view deadline_check::did_not_fire() const {
    const auto& bounds = settings_.limits;
    const auto took = known_.when - last_moved() - slack() - longest_deferred;
    const auto is_late = [&](std::chrono::milliseconds deadline) {
        return deadline.count() > 0 && took > deadline;
    };
    if (peer_.how() == simulated_peer::outcome::vanished) {
        return known_.when > kept().given_up + slack() ? "its peer had vanished" : "";
    }
    const auto total = static_cast<std::size_t>(received());
    if (!peer_.habits().reads) {
        const bool owes = peer_.says().owed_after(total) > link::account::total(kept().sent);
        return owes && is_late(bounds.write_deadline) ? "its replies were not taken" : "";
    }
    if (frame_began() < nanoseconds(0)) {
        return is_late(bounds.idle_deadline) ? "it was silent" : "";
    }
    if (total < peer_.says().frame_at(total)->payload) {
        return is_late(bounds.header_deadline) ? "its header did not come" : "";
    }
    return is_late(bounds.body_deadline) ? "its payload did not come" : "";
}

}  // namespace framewire::tests
