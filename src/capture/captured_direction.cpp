#include "captured_direction.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <utility>

namespace framewire {
namespace {

// A piece, its node in the map and what the allocator adds: without these, segments of one byte
// would cost a hundred times what is counted.
constexpr std::size_t keeping_bytes = 128;

std::int64_t size_of(bytes input) { return static_cast<std::int64_t>(input.size()); }

bytes drop_front(bytes input, std::int64_t size) {
    return input.substr(std::min(static_cast<std::size_t>(size), input.size()));
}

std::string counted(std::int64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? " is" : "s are");
}

}  // namespace

std::size_t captured_direction::take(const segment& one, std::chrono::nanoseconds time,
                                     std::vector<captured_piece>& pieces) {
    if (ended_) return 0;
    if (one.reset) {
        ended_ = true;
        pieces.push_back({from_, {}, captured_piece::ending::reset, time});
        return keeping_bytes;
    }
    if (!begun_ && !begin(one)) return 0;
    // Half of all sequence numbers are ahead of the next byte, the other half before it.
    const auto ahead = static_cast<std::int32_t>(one.sequence + (one.syn ? 1U : 0U) - next_);
    const auto at = delivered_ + ahead;
    const auto end = at + static_cast<std::int64_t>(one.payload_bytes);
    if (one.fin && !fin_at_ && end >= delivered_) end_at(end);
    sent_ = std::max(sent_, end);
    if (one.payload.size() < one.payload_bytes) cut_ = true;
    const auto cost = store(at, one.payload);
    deliver(time, pieces);
    return ended_ ? cost + keeping_bytes : cost;
}

// A segment without bytes may be a keep-alive probe, which has an old number.
bool captured_direction::begin(const segment& one) {
    if (!one.syn && !one.fin && one.payload_bytes == 0) return false;
    begun_ = true;
    midway_ = !one.syn;
    next_ = one.sequence + (one.syn ? 1U : 0U);
    return true;
}

std::size_t captured_direction::store(std::int64_t at, bytes payload) {
    std::size_t cost = 0;
    if (fin_at_) {
        const auto room = std::max(*fin_at_ - at, std::int64_t{0});
        payload = payload.substr(0, static_cast<std::size_t>(room));
    }
    if (at < delivered_) {
        payload = drop_front(payload, delivered_ - at);
        at = delivered_;
    }
    while (!payload.empty()) {
        const auto next = waiting_.lower_bound(at);
        auto known_until =
            next != waiting_.end() && next->first == at ? at + size_of(next->second) : at;
        if (next != waiting_.begin()) {
            const auto& [begin, known] = *std::prev(next);
            known_until = std::max(known_until, begin + size_of(known));
        }
        if (known_until > at) {
            payload = drop_front(payload, known_until - at);
            at = known_until;
            continue;
        }
        const auto room = next == waiting_.end() ? size_of(payload) : next->first - at;
        const auto piece = payload.substr(0, static_cast<std::size_t>(room));
        waiting_.emplace_hint(next, at, piece);
        cost += piece.size() + keeping_bytes;
        payload.remove_prefix(piece.size());
        at += size_of(piece);
    }
    return cost;
}

// Bytes after the end do not belong to the stream.
void captured_direction::end_at(std::int64_t offset) {
    fin_at_ = offset;
    const auto after = waiting_.erase(waiting_.lower_bound(offset), waiting_.end());
    if (after == waiting_.begin()) return;
    auto& [begin, last] = *std::prev(after);
    if (begin + size_of(last) > offset) last.resize(static_cast<std::size_t>(offset - begin));
}

void captured_direction::deliver(std::chrono::nanoseconds time,
                                 std::vector<captured_piece>& pieces) {
    while (!waiting_.empty() && waiting_.begin()->first == delivered_) {
        auto first = waiting_.extract(waiting_.begin());
        delivered_ += size_of(first.mapped());
        next_ += static_cast<std::uint32_t>(first.mapped().size());
        pieces.push_back({from_, std::move(first.mapped()), captured_piece::ending::none, time});
    }
    if (fin_at_ == delivered_) {
        ended_ = true;
        pieces.push_back({from_, {}, captured_piece::ending::fin, time});
    }
}

void captured_direction::append_remarks(std::vector<std::string>& remarks) const {
    const auto side = side_name(from_);
    if (midway_ && sent_ > 0) {
        remarks.push_back(
            fmt::format("{}: no SYN was captured; offset 0 is the first byte that was", side));
    }
    const auto missing_until =
        waiting_.empty() ? fin_at_.value_or(sent_) : waiting_.begin()->first;
    if (missing_until <= delivered_) return;
    std::int64_t left_out = 0;
    for (const auto& [at, known] : waiting_) left_out += size_of(known);
    auto words = fmt::format("{}: {} missing at offset {}", side,
                             counted(missing_until - delivered_, "byte"), delivered_);
    if (cut_) words += ", because segments were captured only in part";
    if (left_out > 0) words += fmt::format("; {} left out after them", counted(left_out, "byte"));
    remarks.push_back(std::move(words));
}

}  // namespace framewire
