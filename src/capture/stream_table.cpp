#include "stream_table.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

// Cards with several queues, and taps that merge two lines, swap segments that are close together.
constexpr std::size_t out_of_order_max = 8;

// Equal for both directions.
std::pair<segment_end, segment_end> ends_of(const segment& one) {
    return std::minmax({one.source, one.destination});
}

bool is_from_client(const segment& first) {
    if (first.syn) return !first.ack;
    return first.source.port >= first.destination.port;
}

void append_remarks(captured_stream& stream, const captured_direction& direction,
                    stream_side side) {
    const auto& sent = stream.side(side);
    if (sent.is_midway && sent.bytes + sent.missing > 0) {
        stream.remarks.push_back(fmt::format(
            "{}: no SYN was captured; offset 0 is the first byte that was", side_name(side)));
    }
    if (sent.missing == 0) return;
    stream.remarks.push_back(
        fmt::format("{}: {} {} missing{}", side_name(side), sent.missing,
                    sent.missing == 1 ? "byte is" : "bytes are",
                    direction.is_cut() ? ", because segments were captured only in part" : ""));
}

}  // namespace

void stream_table::take(const segment& one, const place& where) {
    auto* to = find(one);
    if (to == nullptr) to = open(one, where);
    if (to == nullptr) {
        ++left_out_;
        return;
    }
    const auto from = one.source == to->client ? stream_side::client : stream_side::server;
    auto& opened_with = to->opened_with.at(static_cast<std::size_t>(from));
    if (!opened_with) opened_with = one.syn ? one.sequence : one.sequence - 1;
    to->last_record = where.packet;
    if (one.is_only_named) return;
    to->over = to->over || one.fin || one.reset;
    // Clocks are set back.
    to->stream.end = std::max(to->stream.end, where.time);
    ++to->stream.side(from).packets;
    if (to->wanted) reassemble(*to, one, from, {to->stream.end, where.packet});
}

// A SYN opens another stream between the same ends unless it is a retransmission.
stream_table::entry* stream_table::find(const segment& one) {
    const auto found = latest_.find(ends_of(one));
    if (found == latest_.end()) return nullptr;
    auto& last = *found->second;
    const auto& opened_with = last.opened_with.at(one.source == last.client ? 0 : 1);
    const bool again = opened_with == one.sequence && !last.over;
    return one.syn && !one.ack && opened_with && !again ? nullptr : &last;
}

stream_table::entry* stream_table::open(const segment& one, const place& where) {
    if (entries_.size() >= options_.streams_max) return nullptr;
    auto& latest = latest_[ends_of(one)];
    if (latest != nullptr) close(*latest);
    const bool from_client = is_from_client(one);
    auto& opened = entries_.emplace_back();
    latest = &opened;
    opened.client = from_client ? one.source : one.destination;
    opened.stream.start = where.time;
    opened.stream.end = where.time;
    opened.stream.number = entries_.size() - 1;
    opened.stream.guessed_sides = !one.syn;
    opened.stream.client.address = opened.client.text();
    opened.stream.server.address = (from_client ? one.destination : one.source).text();
    opened.wanted = !options_.streams || options_.streams->contains(opened.stream.number);
    return &opened;
}

void stream_table::pass(entry& from, const captured_piece& piece) {
    auto& side = from.stream.side(piece.from);
    side.bytes += piece.data.size();
    side.missing += piece.missing;
    if (!sink_) return;
    auto shown = piece;
    shown.time = from.parts->time = std::max(piece.time, from.parts->time);
    sink_(from.stream, shown);
}

template <class Act>
void stream_table::change(entry& to, captured_direction& direction, Act act) {
    const auto before = direction.waiting_bytes();
    if (before > 0) waiting_.erase(direction.waiting_since());
    act([this, &to](const captured_piece& piece) { pass(to, piece); });
    const auto after = direction.waiting_bytes();
    if (after > 0) waiting_.emplace(direction.waiting_since(), std::pair(&to, &direction));
    waiting_bytes_ = waiting_bytes_ - before + after;
}

captured_direction* stream_table::reassembly::doubted() {
    auto* const found = std::find_if(directions.begin(), directions.end(),
                                     [](const auto& each) { return each.is_in_doubt(); });
    return found == directions.end() ? nullptr : &*found;
}

void stream_table::begin_reassembly(entry& of) {
    of.parts = std::make_unique<reassembly>();
    for (const auto side : {stream_side::client, stream_side::server}) {
        const auto at = static_cast<std::size_t>(side);
        if (of.has_syn.at(at)) of.parts->of(side).begin_after_syn(*of.opened_with.at(at));
    }
}

void stream_table::reassemble(entry& to, const segment& one, stream_side from,
                              const place& where) {
    const bool has_anything = one.payload_bytes > 0 || one.fin || one.reset;
    if (!to.parts) {
        if (has_anything) begin_reassembly(to);
        auto& has_syn = to.has_syn.at(static_cast<std::size_t>(from));
        has_syn = has_syn || one.syn;
        if (!has_anything) return;
    }
    if (to.parts->doubted() != nullptr) {
        hold(to, {one, std::string(one.payload), from, where, false});
    } else if (!take_reply(to, one, from)) {
        hold(to, {one, std::string(one.payload), from, where, true});
    } else {
        take(to, one, from, where);
    }
    while (waiting_bytes_ > options_.waiting_bytes_max) {
        auto& [owner, oldest] = waiting_.begin()->second;
        give_up_first(*owner, *oldest);
    }
}

// What it acknowledges came before what it says.
bool stream_table::take_reply(entry& to, const segment& one, stream_side from) {
    to.parts->of(opposite(from)).take_reply(one);
    return to.parts->doubted() == nullptr;
}

void stream_table::take(entry& to, const segment& one, stream_side from, const place& where) {
    auto& direction = to.parts->of(from);
    change(to, direction, [&](const auto& out) { direction.take(one, where, out); });
    to.stream.side(from).is_midway = direction.is_midway();
}

void stream_table::hold(entry& to, held_segment one) {
    held_bytes_ += one.payload.size();
    auto& kept = to.parts->held.emplace_back(std::move(one));
    kept.one.payload = kept.payload;
    settle(to, held_bytes_ > options_.waiting_bytes_max ? 0 : out_of_order_max);
}

// Bytes are missing that were acknowledged. If they are in none of the next segments, they never
// come; then what they belong before is told first, and everything has its place and its time.
void stream_table::settle(entry& to, std::size_t held_max) {
    auto& held = to.parts->held;
    while (true) {
        if (auto* const doubted = to.parts->doubted()) {
            const auto side = doubted == &to.parts->of(stream_side::client) ? stream_side::client
                                                                            : stream_side::server;
            const bool comes = std::any_of(held.begin(), held.end(), [&](const auto& each) {
                return each.from == side && doubted->fills(each.one);
            });
            if (!comes && held.size() < held_max) return;
            if (!comes) {
                give_up_first(to, *doubted);
                continue;
            }
        }
        if (held.empty()) return;
        auto& next = held.front();
        if (!std::exchange(next.is_reply_taken, true) && !take_reply(to, next.one, next.from)) {
            continue;
        }
        take(to, next.one, next.from, next.where);
        held_bytes_ -= next.payload.size();
        held.pop_front();
    }
}

void stream_table::give_up_first(entry& of, captured_direction& direction) {
    change(of, direction, [&](const auto& out) { direction.give_up_first(out); });
}

// No segment of it can come any more.
void stream_table::close(entry& last) {
    if (!last.parts) return;
    settle(last, 0);
    for (auto& direction : last.parts->directions) {
        change(last, direction, [&](const auto& out) { direction.finish(out); });
    }
}

std::vector<captured_stream> stream_table::finish() {
    std::vector<captured_stream> streams;
    streams.reserve(entries_.size());
    for (auto& each : entries_) {
        close(each);
        for (const auto side : {stream_side::client, stream_side::server}) {
            if (each.parts) append_remarks(each.stream, each.parts->of(side), side);
        }
        streams.push_back(std::move(each.stream));
    }
    return streams;
}

}  // namespace framewire
