#include "captured_direction.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace framewire {
namespace {

// A piece, its node in the map and what the allocator adds: without these, segments of one byte
// would cost a hundred times what is counted.
constexpr std::size_t keeping_bytes = 128;
// Where only one side was captured, nothing is acknowledged. A retransmission comes sooner.
constexpr std::uint64_t segments_without_replies_max = 1024;

std::int64_t size_of(bytes input) { return static_cast<std::int64_t>(input.size()); }

bytes drop_front(bytes input, std::int64_t size) {
    return input.substr(std::min(static_cast<std::size_t>(size), input.size()));
}

// Half of all sequence numbers are ahead of the other, the other half before it.
std::int32_t distance(std::uint32_t from, std::uint32_t to) {
    return static_cast<std::int32_t>(to - from);
}

}  // namespace

void captured_direction::take(const segment& one, const place& where, const sink& out) {
    ++segments_;
    if (ended_) return;
    if (one.reset) {
        finish(out);
        if (ended_) return;
        ended_ = true;
        out({.from = from_,
             .what = captured_piece::kind::reset,
             .time = where.time,
             .packet = where.packet});
        return;
    }
    if (!begun_ && !begin(one)) return;
    const auto at = delivered_ + distance(next_, one.sequence + (one.syn ? 1U : 0U));
    const auto end = at + static_cast<std::int64_t>(one.payload_bytes);
    if (one.fin && !fin_ && end >= delivered_) end_at(end, where);
    if (end > sent_) {
        sent_ = end;
        sent_at_ = where;
        sent_order_ = segments_;
    }
    if (one.payload.size() < one.payload_bytes) cut_ = true;
    if (at == delivered_ && waiting_.empty() && !fin_) {
        if (!one.payload.empty()) deliver(one.payload, where, out);
    } else {
        store(at, one.payload, where);
    }
    deliver_waiting(where, out);
    give_up_what_comes_no_more(out);
}

void captured_direction::take_reply(const segment& one) noexcept {
    if (ended_ || !begun_ || !one.ack) return;
    has_replies_ = true;
    acknowledged_ = std::max(acknowledged_, delivered_ + distance(next_, one.acknowledgement));
}

bool captured_direction::is_in_doubt() const {
    const auto until = missing_until();
    return !ended_ && until > delivered_ && acknowledged_ >= until;
}

bool captured_direction::fills(const segment& one) const {
    const auto at = delivered_ + distance(next_, one.sequence + (one.syn ? 1U : 0U));
    return at < missing_until() && at + size_of(one.payload) > delivered_;
}

void captured_direction::begin_after_syn(std::uint32_t sequence) noexcept {
    begun_ = true;
    next_ = sequence + 1;
}

// A segment without bytes may be a keep-alive probe, which has an old number.
bool captured_direction::begin(const segment& one) {
    if (!one.syn && !one.fin && one.payload_bytes == 0) return false;
    begun_ = true;
    midway_ = !one.syn;
    next_ = one.sequence + (one.syn ? 1U : 0U);
    return true;
}

void captured_direction::store(std::int64_t at, bytes payload, const place& where) {
    if (fin_) {
        const auto room = std::max(*fin_ - at, std::int64_t{0});
        payload = payload.substr(0, static_cast<std::size_t>(room));
    }
    if (at < delivered_) {
        payload = drop_front(payload, delivered_ - at);
        at = delivered_;
    }
    while (!payload.empty()) {
        const auto next = waiting_.lower_bound(at);
        auto known_until =
            next != waiting_.end() && next->first == at ? at + size_of(next->second.data) : at;
        if (next != waiting_.begin()) {
            const auto& [begin, known] = *std::prev(next);
            known_until = std::max(known_until, begin + size_of(known.data));
        }
        if (known_until > at) {
            payload = drop_front(payload, known_until - at);
            at = known_until;
            continue;
        }
        const auto room = next == waiting_.end() ? size_of(payload) : next->first - at;
        const auto piece = payload.substr(0, static_cast<std::size_t>(room));
        wait(at, piece, where);
        payload.remove_prefix(piece.size());
        at += size_of(piece);
    }
}

void captured_direction::wait(std::int64_t at, bytes payload, const place& where) {
    waiting_.emplace(at, waiting_piece{std::string(payload), where, segments_});
    waiting_bytes_ += payload.size() + keeping_bytes;
}

// Bytes after the end do not belong to the stream.
void captured_direction::end_at(std::int64_t offset, const place& where) {
    fin_ = offset;
    fin_at_ = where;
    auto after = waiting_.lower_bound(offset);
    while (after != waiting_.end()) {
        waiting_bytes_ -= after->second.data.size() + keeping_bytes;
        after = waiting_.erase(after);
    }
    if (waiting_.empty()) return;
    auto& [begin, last] = *std::prev(waiting_.end());
    const auto beyond = begin + size_of(last.data) - offset;
    if (beyond <= 0) return;
    last.data.resize(last.data.size() - static_cast<std::size_t>(beyond));
    waiting_bytes_ -= static_cast<std::size_t>(beyond);
}

void captured_direction::deliver(bytes payload, const place& where, const sink& out) {
    delivered_ += size_of(payload);
    next_ += static_cast<std::uint32_t>(payload.size());
    out({.from = from_, .data = payload, .time = where.time, .packet = where.packet});
}

// What waits becomes readable by the segment at `since`, which came later; or by none.
void captured_direction::deliver_waiting(const place& since, const sink& out) {
    while (!waiting_.empty() && waiting_.begin()->first == delivered_) {
        const auto first = waiting_.extract(waiting_.begin());
        const auto& [data, where, order] = first.mapped();
        waiting_bytes_ -= data.size() + keeping_bytes;
        deliver(data, {std::max(since.time, where.time), where.packet}, out);
    }
    if (fin_ == delivered_ && !ended_) {
        ended_ = true;
        out({.from = from_,
             .what = captured_piece::kind::fin,
             .time = std::max(since.time, fin_at_.time),
             .packet = fin_at_.packet});
    }
}

std::int64_t captured_direction::missing_until() const {
    if (!waiting_.empty()) return waiting_.begin()->first;
    return std::max(fin_.value_or(sent_), delivered_);
}

void captured_direction::give_up_what_comes_no_more(const sink& out) {
    while (!ended_ && !has_replies_ && missing_until() > delivered_) {
        const auto order = waiting_.empty() ? sent_order_ : waiting_.begin()->second.order;
        if (segments_ - order < segments_without_replies_max) return;
        give_up_first(out);
    }
}

void captured_direction::finish(const sink& out) {
    while (!ended_ && missing_until() > delivered_) give_up_first(out);
}

void captured_direction::give_up_first(const sink& out) {
    const auto until = missing_until();
    const auto where = !waiting_.empty() ? waiting_.begin()->second.where
                       : fin_            ? fin_at_
                                         : sent_at_;
    const auto missing = until - delivered_;
    delivered_ = until;
    next_ += static_cast<std::uint32_t>(missing);
    out({.from = from_,
         .what = captured_piece::kind::gap,
         .missing = static_cast<std::uint64_t>(missing),
         .time = where.time,
         .packet = where.packet});
    deliver_waiting({}, out);
}

}  // namespace framewire
